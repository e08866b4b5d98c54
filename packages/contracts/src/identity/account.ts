/** What people do about their own account: the address it has, its password, and where it is signed in. */
import { z } from 'zod'
import { mutation } from '../contract.ts'
import { LetterPurpose, LetterToken } from './model.ts'

const throttled = { status: 429, message: 'Too many attempts; try again later.' } as const

export const accountProcedures = {
  requestEmailVerification: mutation({
    summary: 'Have a letter sent that shows that the account’s address is one’s own',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/email/verification', status: 202 },
    input: z.strictObject({}),
    output: z.null(),
    errors: { LETTERS_THROTTLED: throttled },
  }),
  verifyEmail: mutation({
    summary: 'Show the token of such a letter; each works once, for a day',
    access: 'public',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/email/verify', status: 204 },
    input: z.strictObject({ token: LetterToken }),
    output: z.null(),
    errors: {
      EMAIL_TOKEN_INVALID: {
        status: 410,
        message: 'This link does not work any more; ask for a new letter.',
      },
    },
  }),
  issueLetterToken: mutation({
    summary: 'A token for a letter that is being written; null where the letter is not wanted any more',
    access: 'internal',
    input: z.strictObject({ letterId: z.uuid(), purpose: LetterPurpose }),
    output: z.object({ token: z.string().nullable() }),
  }),
}
