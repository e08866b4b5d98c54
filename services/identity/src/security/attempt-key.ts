import { createHash } from 'node:crypto'

/** What tries are counted by: the table need not hold addresses for that, and one kind of try is not another. */
export const attemptKey = (kind: string, account: string): string =>
  createHash('sha256').update(`${kind}:${account.toLowerCase()}`).digest('hex')
