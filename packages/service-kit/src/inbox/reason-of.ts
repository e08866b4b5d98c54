import { PermanentError } from '../consumer.ts'
import type { DeadLetterReason } from './dead-letters.ts'
import { PoisonError } from './poison-error.ts'

/** Why an event that failed is an operator's now; undefined where it is to be tried again. */
export const reasonOf = (error: unknown, last: boolean): DeadLetterReason | undefined => {
  if (error instanceof PoisonError) return 'poison'
  if (error instanceof PermanentError) return 'refused'
  return last ? 'exhausted' : undefined
}
