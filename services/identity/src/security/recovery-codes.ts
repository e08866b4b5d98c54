import { randomBytes } from 'node:crypto'
import { hashToken } from './secret-tokens.ts'
import { toBase32 } from './totp.ts'

const count = 10

/** Ten codes of 80 random bits, in groups that people can copy. */
export const makeRecoveryCodes = (): string[] =>
  Array.from({ length: count }, () => (toBase32(randomBytes(10)).match(/.{4}/g) ?? []).join('-'))

/** The hash of a code however it is spaced. With 80 bits it needs no slow hash, as tokens need none. */
export const hashRecoveryCode = (code: string): string =>
  hashToken(code.toLowerCase().replaceAll(/[^a-z2-7]/g, ''))
