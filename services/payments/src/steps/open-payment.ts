import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { isRedacted } from '@comptoir/service-kit/redact-kept'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Work } from '../context.ts'
import { findPaymentOfOrder, insertPayment, lockOrder, redactPayment } from '../db/payments.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import { noneSnapshot } from '../providers/none.ts'
import { applySnapshot, markOrderCancelled } from './apply-snapshot.ts'

/**
 * Opens the payment of an order unless it has one, without the contact where the order was redacted before it was heard
 * of. An order of nothing is authorised at once.
 */
export const openPayment = async (work: Work, order: OrderSnapshot): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const { amountMinor, currency } = order.totals.total
  // Sent together, here and below, so that two cost one round trip.
  const locked = lockOrder(tx, order.id)
  const inserted = insertPayment(tx, {
    id: ctx.ids.next(),
    orderId: order.id,
    orderNumber: order.number,
    ownerKind: order.owner.kind,
    ownerId: order.owner.id,
    contact: order.contact,
    traceparent: currentTraceparent() ?? null,
    provider: amountMinor === 0 ? 'none' : 'stripe',
    amountMinor,
    currency,
  })
  const [, isNew] = await Promise.all([locked, inserted])
  const [payment, isForgotten] = await Promise.all([
    findPaymentOfOrder(tx, order.id),
    isNew && isRedacted(tx, order.id),
  ])
  if (payment === undefined) throw new Error(`The payment of the order ${order.id} is gone`)
  if (!isNew) return payment
  if (isForgotten) await redactPayment(tx, order.id)
  if (order.status === 'cancelled') return markOrderCancelled(work, payment.id)
  if (payment.provider !== 'none') return payment
  const free = noneSnapshot(payment, ['authorization'], { at: ctx.clock.now(), operation: null })
  return applySnapshot(work, payment.id, free)
}
