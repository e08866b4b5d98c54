import type { orderRedacted } from '@comptoir/contracts/orders/events'
import { redactedContact, redactedOrder } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { lockOrder, redactPayment } from '../db/payments.ts'

const fields = { contact: redactedContact }

/** The owner of an order that has ended was erased. What was paid stays in the books. */
export const onOrderRedacted: Handler<typeof orderRedacted, Context> = async ({ tx, event }) => {
  const { orderId } = event.data
  await lockOrder(tx, orderId)
  const id = await redactPayment(tx, orderId)
  if (id !== undefined) await noteRedaction(tx, { id, fields }, 'payment')
  // Also where there is no payment: the order may lie among the dead letters, or come yet.
  await noteRedaction(tx, { id: orderId, fields: redactedOrder })
}
