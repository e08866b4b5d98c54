import type { paymentRefunded } from '@comptoir/contracts/payments/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'

/** payments has no audit log of its own, and refunds are among what a shop is asked about. */
export const onPaymentRefunded: Handler<typeof paymentRefunded, Context> = async ({ ctx, tx, event }) => {
  const { id, orderId, refunded } = event.data
  // An order that cost nothing is refunded too, which is nothing to tell.
  if (refunded.amountMinor === 0) return
  const actor = { kind: 'service' as const, id: 'payments', scopes: [] }
  await audit({ ...ctx, actor }, tx, {
    action: 'payment.refunded',
    target: id,
    facts: { orderId, refundedMinor: refunded.amountMinor, currency: refunded.currency },
  })
}
