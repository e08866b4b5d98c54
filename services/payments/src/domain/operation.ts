import type { PaymentRecord } from './payment.ts'

export const operationNames = ['create', 'capture', 'cancel', 'refund'] as const
export type OperationName = (typeof operationNames)[number]

export const operationStates = ['requested', 'succeeded', 'failed', 'unknown'] as const

/**
 * After so many attempts, which takes some days, an operation waits for a person. That holds for what this service asks
 * for by itself: a capture that orders asks for, or a start that a customer does, is tried as long as they ask.
 */
export const attemptsMax = 100

/** The provider's idempotency key: one for each attempt, made before the first call and never again. */
export const operationKeyOf = (paymentId: string, name: OperationName, attempt: number): string =>
  `${paymentId}:${name}:${attempt}`

/** How long to wait before the next try of an operation whose outcome is not known. */
export const retryAfterMs = (tries: number): number => Math.min(60_000, 500 * 2 ** Math.min(tries, 10))

/** How long to wait before a new attempt when the one before did nothing: a second, and up to an hour. */
export const attemptAfterMs = (attempt: number): number =>
  attempt === 1 ? 0 : Math.min(3_600_000, 1_000 * 2 ** Math.min(attempt - 2, 20))

/** Whether an attempt that is proven dead should be followed by another one without anybody asking again. */
export const isStillWanted = (name: OperationName, payment: PaymentRecord): boolean =>
  name === 'capture' && payment.status === 'authorized' && !payment.orderCancelled
