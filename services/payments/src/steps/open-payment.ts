import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Work } from '../context.ts'
import { findPaymentOfOrder, insertPayment } from '../db/payments.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import { noneSnapshot } from '../providers/none.ts'
import { applySnapshot, markOrderCancelled } from './apply-snapshot.ts'

/** Opens the payment of an order unless it has one. An order of nothing is authorised at once. */
export const openPayment = async (work: Work, order: OrderSnapshot): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const { amountMinor, currency } = order.totals.total
  const isNew = await insertPayment(tx, {
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
  const payment = await findPaymentOfOrder(tx, order.id)
  if (payment === undefined) throw new Error(`The payment of the order ${order.id} is gone`)
  if (!isNew) return payment
  if (order.status === 'cancelled') return markOrderCancelled(work, payment.id)
  if (payment.provider !== 'none') return payment
  const free = noneSnapshot(payment, ['authorization'], { at: ctx.clock.now(), operation: null })
  return applySnapshot(work, payment.id, free)
}
