/** The second factor: one-time codes by RFC 6238, recovery codes, and proving again who one is. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Session } from './model.ts'

/** Six digits of an authenticator, or a recovery code however it is spaced. */
export const SecondFactorCode = z
  .string()
  .min(6)
  .max(40)
  .describe('Six digits of the authenticator, or a recovery code')

export const SecondFactorEnrolment = z.object({
  secret: z.string().describe('160 random bits in base32 (RFC 4648), for typing in'),
  uri: z.string().describe('otpauth:// for a QR code'),
})
export type SecondFactorEnrolment = z.infer<typeof SecondFactorEnrolment>

/** Shown once; each works once in place of a code of the authenticator. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

export const SecondFactorStatus = z.object({
  enrolled: z.boolean(),
  required: z.boolean().describe('Whether the rights of this account come with a second factor only'),
  recoveryCodesLeft: z.number().int(),
})
export type SecondFactorStatus = z.infer<typeof SecondFactorStatus>

/** What somebody who proves who they are can hear, beside that their password is wrong. */
export const proofErrors = {
  SECOND_FACTOR_REQUIRED: { status: 401, message: 'This account also asks for a code of its second factor.' },
  SECOND_FACTOR_INVALID: { status: 401, message: 'This code is wrong, or was used before.' },
  LOGIN_THROTTLED: {
    status: 429,
    message: 'Too many attempts for this account; try again later, or set a new password.',
  },
} as const

const { SECOND_FACTOR_INVALID, LOGIN_THROTTLED } = proofErrors
const SECOND_FACTOR_NOT_ENROLLED = { status: 409, message: 'This account has no second factor.' } as const
const SECOND_FACTOR_ENROLLED = { status: 409, message: 'This account has a second factor already.' } as const

export const secondFactorProcedures = {
  reauthenticate: mutation({
    summary:
      'Prove again who you are; the session goes on with new tokens, and its old refresh token is over',
    access: 'customer',
    http: { method: 'POST', path: '/v1/auth/reauthenticate' },
    session: 'opens',
    input: z.strictObject({ password: z.string().max(128).optional(), code: SecondFactorCode.optional() }),
    output: Session,
    errors: {
      CREDENTIALS_INVALID: { status: 401, message: 'This is not the password of this account.' },
      ...proofErrors,
    },
  }),
  getSecondFactor: query({
    summary: 'Whether the signed-in person has a second factor',
    access: 'customer',
    http: { method: 'GET', path: '/v1/me/second-factor' },
    input: z.strictObject({}),
    output: SecondFactorStatus,
  }),
  enrolSecondFactor: mutation({
    summary: 'Begin to set up a second factor; it counts once a code of it has been shown',
    access: 'customer',
    fresh: true,
    http: { method: 'POST', path: '/v1/me/second-factor', status: 201 },
    input: z.strictObject({}),
    output: SecondFactorEnrolment,
    errors: { SECOND_FACTOR_ENROLLED },
  }),
  confirmSecondFactor: mutation({
    summary: 'Show the first code of a second factor; answers the recovery codes, once',
    access: 'customer',
    http: { method: 'POST', path: '/v1/me/second-factor/confirm' },
    input: z.strictObject({ code: SecondFactorCode }),
    output: RecoveryCodes,
    errors: {
      SECOND_FACTOR_ENROLLED,
      SECOND_FACTOR_NOT_ENROLLED,
      SECOND_FACTOR_INVALID,
      LOGIN_THROTTLED,
    },
  }),
  removeSecondFactor: mutation({
    summary: 'Give the second factor up, with a last code of it',
    access: 'customer',
    fresh: true,
    http: { method: 'POST', path: '/v1/me/second-factor/remove', status: 204 },
    input: z.strictObject({ code: SecondFactorCode }),
    output: z.null(),
    errors: { SECOND_FACTOR_NOT_ENROLLED, SECOND_FACTOR_INVALID, LOGIN_THROTTLED },
  }),
  renewRecoveryCodes: mutation({
    summary: 'Get new recovery codes; the old ones are over',
    access: 'customer',
    fresh: true,
    http: { method: 'POST', path: '/v1/me/second-factor/recovery-codes' },
    input: z.strictObject({}),
    output: RecoveryCodes,
    errors: { SECOND_FACTOR_NOT_ENROLLED },
  }),
}
