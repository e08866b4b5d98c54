import type { Work } from '../context.ts'
import { endOperation, postponeOperation, type Operation } from '../db/operations.ts'
import { lockPayment } from '../db/payments.ts'
import { isStillWanted, retryAfterMs } from '../domain/operation.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import { applyToLocked } from './apply-snapshot.ts'
import type { Outcome } from './call-provider.ts'
import { requestOperation } from './request-operation.ts'

/** Writes down what came of an operation, and what the provider showed on that occasion, in one transaction. */
export const settleOperation = async (
  work: Work,
  operation: Operation,
  outcome: Outcome,
): Promise<PaymentRecord> => {
  const { ctx, tx } = work
  const { id, paymentId, name } = operation
  const locked = await lockPayment(tx, paymentId)
  if (outcome.kind === 'unknown') {
    await postponeOperation(tx, id, { error: outcome.code, afterMs: retryAfterMs(operation.tries) })
    return locked
  }
  // It ends before the snapshot is applied, which may want another attempt of the same operation.
  if (outcome.kind === 'done') await endOperation(tx, id, { state: 'succeeded', error: null })
  else if (await endOperation(tx, id, { state: 'failed', error: outcome.code })) {
    ctx.log.warn('The provider did not do an operation', { paymentId, operation: name, reason: outcome.code })
  }
  const { fetched } = outcome
  const payment = fetched === undefined ? locked : await applyToLocked(work, locked, fetched.snapshot)
  if (outcome.kind === 'dead' && isStillWanted(name, payment)) {
    await requestOperation(work, { paymentId, name, amountMinor: operation.amountMinor })
  }
  return payment
}
