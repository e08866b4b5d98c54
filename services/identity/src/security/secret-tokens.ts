import { createHash, randomBytes } from 'node:crypto'

/** A token of 256 random bits; the prefix tells people and secret scanners what it is. */
export const makeToken = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`

/** Such a token needs no slow hash: nobody guesses it, and a copy of the table gives nothing away. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
