/** People and their sessions. */
import { z } from 'zod'
import { UserId } from '../ids.ts'
import { Address, Email, line, Locale, Phone, Timestamp } from '../text.ts'

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
  /** Whether whoever holds the account has shown that letters to the address reach them. */
  emailVerified: z.boolean(),
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

/** What a link in a letter carries; it works once. */
export const LetterToken = z.string().min(1).max(256).describe('The token of the link in the letter')

/** What a letter with such a link is for. Each has tokens of its own, and none passes for another. */
export const LetterPurpose = z.enum(['email-verification', 'password-reset', 'email-change'])
export type LetterPurpose = z.infer<typeof LetterPurpose>

export const AddressId = z.uuid().describe('The id of an address that is kept')

/** An address that a person keeps. */
export const SavedAddress = z.object({
  id: AddressId,
  address: Address,
  isDefault: z.boolean().describe('Whether it is the one that is meant unless another is named'),
  version: z.number().int(),
})
export type SavedAddress = z.infer<typeof SavedAddress>

/** A sign-in that is not over. */
export const OpenSession = z.object({
  id: z.uuid(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  clientId: z.uuid().nullable().describe('The third party that acts for the person, if any'),
  current: z.boolean().describe('Whether it is the one that asks'),
})
export type OpenSession = z.infer<typeof OpenSession>

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
