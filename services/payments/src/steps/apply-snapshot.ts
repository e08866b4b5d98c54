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
): Promise<PaymentRecord> => {
  const { ctx } = work
  const [payment, log] = await lockWithLog(work, paymentId)
  const advanced = decide(payment, log, snapshot)
  if (advanced.next.failure === AMOUNT_MISMATCH && payment.failure !== AMOUNT_MISMATCH) {
    ctx.log.error('The provider names another amount; the payment waits for a person', {
      paymentId,
      ref: snapshot.ref,
    })
  }
  return save(work, advanced, snapshot.raw)
}

/** Notes that the order is dead, and asks for whatever money of it is or may be held. */
export const markOrderCancelled = async (work: Work, paymentId: PaymentId): Promise<PaymentRecord> => {
  const { ctx } = work
  const [payment, log] = await lockWithLog(work, paymentId)
  if (payment.orderCancelled) return payment
  return save(work, cancelOrder(payment, log, ctx.clock.now()), {})
}

/** The log is read by a statement of its own once the lock is there, so that it shows what the lock was waited for. */
const lockWithLog = async ({ tx }: Work, paymentId: PaymentId) => {
  const payment = await lockPayment(tx, paymentId)
  return [payment, await readLog(tx, paymentId)] as const
}

const save = async (work: Work, advanced: Advanced, raw: ProviderSnapshot['raw']): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const { next, appended, bookings, occurrences, giveBack } = advanced
  // Sent together, so that they cost one round trip; none of them reads what another writes.
  await Promise.all([
    appendToLog(tx, { payment: next, movements: appended, raw }),
    book(tx, { ids: ctx.ids, payment: next, bookings }),
    savePayment(tx, next),
    ctx.emit(tx, occurrences),
  ])
  if (giveBack !== null) {
    await requestOperation(work, { paymentId: next.id, amountMinor: next.amountMinor, ...giveBack })
  }
  return next
}
