/** People and their sessions. */
import { z } from 'zod'
import { UserId } from '../ids.ts'
import { Email, line, Locale, Phone, Timestamp } from '../text.ts'

/** The roles that every shop has. */
export const StandardRole = z.enum(['customer', 'staff', 'admin'])
export type StandardRole = z.infer<typeof StandardRole>

/** A standard role, or one of the shop's own, whose holders are staff. */
export const RoleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'Expected 2 to 40 small letters, digits and hyphens, such as order-desk')
export type RoleName = z.infer<typeof RoleName>

export const User = z.object({
  id: UserId,
  email: Email,
  name: z.string(),
  phone: Phone.nullable(),
  locale: Locale,
  role: RoleName,
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

/**
 * What the edge must not accept any more although it is signed and has not expired: the session if one is named, else what
 * was given to the subject before its rights had this version, else everything of the subject.
 */
export const Revocation = z.object({
  subject: z.string(),
  session: z.uuid().nullable(),
  rightsVersion: z.int().nullable(),
})
export type Revocation = z.infer<typeof Revocation>
