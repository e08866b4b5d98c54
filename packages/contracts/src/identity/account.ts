/** What people do about their own account: the address it has, its password, and where it is signed in. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Email } from '../text.ts'
import { LetterPurpose, LetterToken, OpenSession, Password } from './model.ts'

/** What a new password can be refused for, wherever one is set. */
export const passwordErrors = {
  PASSWORD_BREACHED: {
    status: 422,
    message:
      'This password is one that attackers try first, or is made of your own name or address; choose another.',
  },
} as const

const throttled = { status: 429, message: 'Too many attempts; try again later.' } as const

const linkOver = { status: 410, message: 'This link does not work any more; ask for a new letter.' } as const
export const emailTaken = {
  status: 409,
  message: 'There is already an account with this e-mail address.',
} as const

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
    summary:
      'Show the token of such a letter, signed in to the account that it is about; each works once, for a day',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/email/verify', status: 204 },
    input: z.strictObject({ token: LetterToken }),
    output: z.null(),
    errors: {
      EMAIL_TOKEN_INVALID: linkOver,
    },
  }),
  requestPasswordReset: mutation({
    summary: 'Have a letter sent for choosing a new password; answers the same whether there is an account',
    description:
      'Five in half an hour lead to a letter, and five more from each network from which the account was signed in to within 90 days.',
    access: 'public',
    priority: 'account',
    byNetwork: true,
    http: { method: 'POST', path: '/v1/auth/password/forgot', status: 202 },
    input: z.strictObject({ email: Email }),
    output: z.null(),
  }),
  resetPassword: mutation({
    summary: 'Choose a new password by such a letter, which works once, for half an hour; ends every session',
    access: 'public',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/password/reset', status: 204 },
    byNetwork: true,
    input: z.strictObject({ token: LetterToken, password: Password }),
    output: z.null(),
    errors: {
      RESET_TOKEN_INVALID: linkOver,
      ...passwordErrors,
    },
  }),
  changePassword: mutation({
    summary:
      'Change the password, with the one so far; ends every other session, and a letter tells what still lets in',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/me/password', status: 204 },
    input: z.strictObject({ currentPassword: z.string().max(128), password: Password }),
    output: z.null(),
    errors: {
      PASSWORD_WRONG: { status: 403, message: 'This is not the password so far.' },
      PASSWORD_THROTTLED: throttled,
      ...passwordErrors,
    },
  }),
  requestEmailChange: mutation({
    summary: 'Have a letter sent to another address, which becomes the account’s once its link was followed',
    access: 'customer',
    fresh: true,
    priority: 'account',
    http: { method: 'POST', path: '/v1/me/email', status: 202 },
    input: z.strictObject({ email: Email }),
    output: z.null(),
    errors: { EMAIL_TAKEN: emailTaken, LETTERS_THROTTLED: throttled },
  }),
  confirmEmailChange: mutation({
    summary:
      'Show the token of such a letter, signed in to the account that asked for it; each works once, for a day',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/email/confirm', status: 204 },
    input: z.strictObject({ token: LetterToken }),
    output: z.null(),
    errors: { EMAIL_TOKEN_INVALID: linkOver, EMAIL_TAKEN: emailTaken },
  }),
  logoutEverywhere: mutation({
    summary:
      'End every session of the person, this one too; a letter tells what still lets in, if anything does',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/auth/logout-everywhere', status: 204 },
    input: z.strictObject({}),
    output: z.null(),
  }),
  listSessions: query({
    summary: 'Where the person is signed in, newest first; at most a hundred',
    access: 'customer',
    http: { method: 'GET', path: '/v1/me/sessions' },
    input: z.strictObject({}),
    output: z.object({ items: z.array(OpenSession) }),
  }),
  endSession: mutation({
    summary: 'End one of the person’s sessions',
    access: 'customer',
    priority: 'account',
    http: { method: 'DELETE', path: '/v1/me/sessions/{sessionId}', status: 204 },
    input: z.strictObject({ sessionId: z.uuid() }),
    output: z.null(),
    errors: { SESSION_NOT_FOUND: { status: 404, message: 'There is no such session.' } },
  }),
  issueLetterToken: mutation({
    summary: 'A token for a letter that is being written; null where the letter is not wanted any more',
    access: 'internal',
    input: z.strictObject({ letterId: z.uuid(), purpose: LetterPurpose }),
    output: z.object({ token: z.string().nullable() }),
  }),
}
