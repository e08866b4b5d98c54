import type { EventContract } from '@comptoir/contracts/event'
import type { ordersExported } from '@comptoir/contracts/export-made'
import type { Handler } from '@comptoir/service-kit/consumer'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'

const held = {
  'orders.export.made.v1': 'orders',
  'payments.export.made.v1': 'payments',
  'delivery.export.made.v1': 'shipments',
  'notifications.export.made.v1': 'messages',
} as const

type ExportMade = EventContract<keyof typeof held, 'export', typeof ordersExported.data>

/** The services that hold something of somebody have no audit log of their own. */
export const onExportMade: Handler<ExportMade, Context> = async ({ ctx, tx, event }) => {
  const { by, orderId } = event.data
  await audit({ ...ctx, actor: { ...by, scopes: [] } }, tx, {
    action: 'account.exported',
    target: by.id,
    facts: { held: held[event.type], ...(orderId === null ? {} : { orderId }) },
  })
}
