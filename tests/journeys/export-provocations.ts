// What makes the reads of one's own data, to take along, answer each of their errors.
import type { Causes, Provocation, Scenery } from './provocation.ts'

const nobody = '01900000-0000-7000-8000-000000000000'
const badCursor = 'bm9uc2Vuc2U'

const asMember =
  (input: Provocation['input']) =>
  ({ people }: Scenery) => ({ token: people.member.token, input })

export const ofExports = {
  'orders.exportOrders': { CURSOR_INVALID: asMember({ cursor: badCursor }) },
  'payments.exportPayments': { CURSOR_INVALID: asMember({ cursor: badCursor }) },
  'delivery.exportShipments': { CURSOR_INVALID: asMember({ cursor: badCursor }) },
  'notifications.exportMessages': {
    CURSOR_INVALID: asMember({ cursor: badCursor }),
    ORDER_NOT_FOUND: asMember({ orderId: nobody }),
  },
} satisfies Causes
