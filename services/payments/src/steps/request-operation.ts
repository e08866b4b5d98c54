import type { PaymentId } from '@comptoir/contracts/ids'
import type { Work } from '../context.ts'
import { findOperations, insertOperation, type Operation } from '../db/operations.ts'
import { attemptAfterMs, attemptsMax, operationKeyOf, type OperationName } from '../domain/operation.ts'

interface Wanted {
  readonly paymentId: PaymentId
  readonly name: OperationName
  readonly amountMinor: number
  /** The caller calls the provider itself, once it has committed; whoever asks it to paces the attempts and gives up. */
  readonly callsItself?: boolean
}

/**
 * Notes what is to be asked of the provider, in the transaction that holds the payment’s lock; the call comes after the
 * commit. An operation that is under way already is the answer. Undefined once what nobody asks for was refused too often.
 */
export const requestOperation = async ({ ctx, tx }: Work, wanted: Wanted): Promise<Operation | undefined> => {
  const { paymentId, name, amountMinor, callsItself = false } = wanted
  const { underWay, attempts } = await findOperations(tx, paymentId, name)
  if (underWay !== undefined) return underWay
  const attempt = attempts + 1
  if (!callsItself && attempt > attemptsMax) {
    ctx.log.error('An operation was refused too often; it is not tried again by itself', {
      paymentId,
      operation: name,
    })
    return undefined
  }
  if (!callsItself) ctx.wake('run-operations')
  return insertOperation(tx, {
    id: ctx.ids.next(),
    paymentId,
    name,
    attempt,
    opKey: operationKeyOf(paymentId, name, attempt),
    amountMinor,
    afterMs: callsItself ? 0 : attemptAfterMs(attempt),
    // The worker leaves it to the request that makes it for so long.
    leaseMs: callsItself ? ctx.operationLeaseMs : 0,
  })
}
