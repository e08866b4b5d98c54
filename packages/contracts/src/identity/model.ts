/** People and their sessions. */
import { z } from 'zod'
import { UserId } from '../ids.ts'
import { Email, line, Locale, Phone, Timestamp } from '../text.ts'

export const Role = z.enum(['customer', 'staff', 'admin'])
export type Role = z.infer<typeof Role>

export const User = z.object({
  id: UserId,
  email: Email,
  name: z.string(),
  phone: Phone.nullable(),
  locale: Locale,
  role: Role,
  version: z.number().int(),
  createdAt: Timestamp,
})
export type User = z.infer<typeof User>

/** NIST SP 800-63B: length counts, composition rules do not. The upper bound keeps hashing cheap to refuse. */
export const Password = z.string().min(8).max(128)

export const Registration = z.strictObject({
  email: Email,
  password: Password,
  name: line(100),
  phone: Phone.optional(),
  locale: Locale.optional(),
})
export type Registration = z.infer<typeof Registration>

export const Profile = z.strictObject({
  name: line(100).optional(),
  phone: Phone.nullable().optional(),
  locale: Locale.optional(),
})
export type Profile = z.infer<typeof Profile>

/** Tokens of a session. The access token goes into `Authorization: Bearer`; the refresh token works once. */
export const Session = z.object({
  accessToken: z.string(),
  accessTokenExpiresAt: Timestamp,
  refreshToken: z.string(),
  refreshTokenExpiresAt: Timestamp,
  kind: z.enum(['guest', 'customer', 'staff', 'admin']),
  subject: z.string().describe('The id of the guest or user'),
})
export type Session = z.infer<typeof Session>

/** A JSON Web Key Set (RFC 7517) of public ES256 keys. */
export const KeySet = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
})
export type KeySet = z.infer<typeof KeySet>
