import type { Outcome } from '../domain/outcome.ts'

/** A provider's answer that leaves open whether it has taken the message. `reason` is a code. */
export class UnknownOutcome extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(`The provider left it open: ${reason}`)
    this.name = 'UnknownOutcome'
    this.reason = reason
  }
}

/** What a failed call says of the message: nothing. It may have been taken before the connection broke. */
export const unknownOutcome = (error: unknown): Outcome => ({ kind: 'unknown', reason: reasonOf(error) })

const reasonOf = (error: unknown): string => {
  if (error instanceof UnknownOutcome) return error.reason
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection'
}
