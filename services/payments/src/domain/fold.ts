import { AMOUNT_MISMATCH, type PaymentStatus } from '@comptoir/contracts/payments/model'
import type { Movement } from './movement.ts'

const REFUND_FAILED = 'REFUND_FAILED'

export interface Balances {
  readonly status: PaymentStatus
  readonly authorizedMinor: number
  readonly capturedMinor: number
  readonly refundedMinor: number
  /** Refunds that were made or are on their way. */
  readonly refundingMinor: number
  /** The provider let go of the money, and this intent can take none any more. */
  readonly voided: boolean
  readonly failure: string | null
}

/** Balances are a function of the set of facts, never of the order in which they were heard. */
export const fold = (log: readonly Movement[], ref: string | null): Balances => {
  const captures = log.filter(is('capture', 'succeeded'))
  const authorizations = log.filter(is('authorization', 'succeeded'))
  const voids = log.filter(is('void', 'succeeded'))
  const voided = voids.some((movement) => movement.object === ref)
  const bounced = new Set(log.filter(is('refund', 'failed')).map((movement) => movement.object))
  const refunds = log.filter((movement) => movement.kind === 'refund' && !bounced.has(movement.object))
  const refunded = refunds.filter(is('refund', 'succeeded'))
  const capturedMinor = total(captures)
  const refundedMinor = total(refunded)
  const isRefunded = refunded.length > 0 && refundedMinor >= capturedMinor
  const status = (): PaymentStatus => {
    if (captures.length > 0) return isRefunded ? 'refunded' : 'captured'
    if (voided) return 'cancelled'
    if (authorizations.length > 0) return 'authorized'
    if (voids.length > 0) return 'cancelled'
    return ref === null ? 'open' : 'started'
  }
  return {
    status: status(),
    authorizedMinor: voided ? 0 : total(authorizations),
    capturedMinor,
    refundedMinor,
    refundingMinor: total(perObject(refunds)),
    voided,
    failure: failureOf(
      log,
      authorizations.length + captures.length > 0,
      bounced.size > 0 && refunds.length === 0,
    ),
  }
}

export const is =
  (kind: Movement['kind'], outcome: Movement['outcome']) =>
  (movement: Movement): boolean =>
    movement.kind === kind && movement.outcome === outcome

const total = (movements: readonly Movement[]): number =>
  movements.reduce((sum, movement) => sum + movement.amountMinor, 0)

const perObject = (movements: readonly Movement[]): readonly Movement[] => [
  ...new Map(movements.map((movement) => [movement.object, movement])).values(),
]

/** A mismatch waits for a person and outlives everything; a decline is forgotten once the customer has paid. */
const failureOf = (log: readonly Movement[], paid: boolean, refundBounced: boolean): string | null => {
  const declines = log.filter(is('authorization', 'failed'))
  if (declines.some((movement) => movement.code === AMOUNT_MISMATCH)) return AMOUNT_MISMATCH
  if (paid) return refundBounced ? REFUND_FAILED : null
  const latest = declines.toSorted((a, b) => compare(a.at, b.at) || compare(a.object, b.object)).at(-1)
  return latest?.code ?? null
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
