import type { orderRedacted } from '@comptoir/contracts/orders/events'
import { redactedContact, redactedOrder } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { redactPayment } from '../db/payments.ts'

const fields = { contact: redactedContact }

/** The owner of an order that has ended was erased. What was paid stays in the books. */
export const onOrderRedacted: Handler<typeof orderRedacted, Context> = async ({ tx, event }) => {
  const { orderId } = event.data
  const id = await redactPayment(tx, orderId)
  // Every order gets a payment; this one is still to come, with the contact, and then the event comes again.
  if (id === undefined) throw new Error('The order has no payment yet')
  await noteRedaction(tx, { id, fields }, 'payment')
  await noteRedaction(tx, { id: orderId, fields: redactedOrder })
}
