import type { PaymentId } from '@comptoir/contracts/ids'
import { AMOUNT_MISMATCH } from '@comptoir/contracts/payments/model'
import type { Work } from '../context.ts'
import { appendToLog, readLog } from '../db/events.ts'
import { book } from '../db/ledger.ts'
import { lockPayment, savePayment } from '../db/payments.ts'
import type { Advanced } from '../domain/advance.ts'
import { applySnapshot as decide } from '../domain/apply-snapshot.ts'
import { cancelOrder } from '../domain/cancel-order.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import type { ProviderSnapshot } from '../domain/snapshot.ts'
import { requestOperation } from './request-operation.ts'

/** The one way in which what a provider says becomes what we hold, whoever heard it: answer, webhook, return or reconciler. */
export const applySnapshot = async (
  work: Work,
  paymentId: PaymentId,
  snapshot: ProviderSnapshot,
): Promise<PaymentRecord> => applyToLocked(work, await lockPayment(work.tx, paymentId), snapshot)

/** The same for a payment that the transaction has locked already. */
export const applyToLocked = async (
  work: Work,
  payment: PaymentRecord,
  snapshot: ProviderSnapshot,
): Promise<PaymentRecord> => {
  const advanced = decide(payment, await readLog(work.tx, payment.id), snapshot)
  if (advanced.next.failure === AMOUNT_MISMATCH && payment.failure !== AMOUNT_MISMATCH) {
    work.ctx.log.error('The provider names another amount; the payment waits for a person', {
      paymentId: payment.id,
      ref: snapshot.ref,
    })
  }
  return save(work, { payment, advanced, raw: snapshot.raw })
}

/** Notes that the order is dead, and asks for whatever money of it is or may be held. */
export const markOrderCancelled = async (work: Work, paymentId: PaymentId): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const payment = await lockPayment(tx, paymentId)
  if (payment.orderCancelled) return payment
  const advanced = cancelOrder(payment, await readLog(tx, paymentId), ctx.clock.now())
  return save(work, { payment, advanced, raw: {} })
}

interface Outcome {
  readonly payment: PaymentRecord
  readonly advanced: Advanced
  readonly raw: ProviderSnapshot['raw']
}

const save = async (work: Work, { payment, advanced, raw }: Outcome): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const { next, appended, bookings, occurrences, giveBack } = advanced
  // Sent together, so that they cost one round trip; none of them reads what another writes. Most webhooks tell what the
  // provider's answer has told before.
  await Promise.all([
    appendToLog(tx, { payment: next, movements: appended, raw }),
    book(tx, { ids: ctx.ids, payment: next, bookings }),
    Bun.deepEquals(next, payment) ? undefined : savePayment(tx, next),
    ctx.emit(tx, occurrences),
  ])
  if (giveBack !== null) {
    await requestOperation(work, { paymentId: next.id, amountMinor: next.amountMinor, ...giveBack })
  }
  return next
}
