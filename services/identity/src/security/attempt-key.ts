import { createHash } from 'node:crypto'

/** What tries are counted by: the table need not hold addresses for that, and one kind of try is not another. */
export const attemptKey = (kind: string, account: string): string =>
  createHash('sha256').update(`${kind}:${account.toLowerCase()}`).digest('hex')

/** Of tries of an account from one network; those that come from nowhere that is known come from one. */
export const networkKey = (key: string, network = 'unknown'): string =>
  createHash('sha256').update(`${key}:${network}`).digest('hex')

/** Of tries to sign in, by the address as it was given: unknown accounts count like known ones. */
export const loginKey = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('hex')
