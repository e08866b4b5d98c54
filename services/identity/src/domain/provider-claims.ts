import { Email, line, type Locale } from '@comptoir/contracts/text'
import type { UserId } from '@comptoir/contracts/ids'

/** What a provider says of a person, as far as it is believed. */
export interface Claims {
  readonly issuer: string
  readonly subject: string
  /** Undefined where the provider does not say that it is verified: such an address could be anybody's. */
  readonly verifiedEmail: string | undefined
  readonly name: string | undefined
  readonly locale: Locale
  /** When they last signed in there (`auth_time`); undefined where the provider does not say. */
  readonly authenticatedAt: Date | undefined
}

interface GivenClaims {
  readonly iss: string
  readonly sub: string
  readonly [claim: string]: unknown
}

export const readClaims = ({ iss, sub, ...more }: GivenClaims): Claims => {
  const email = Email.safeParse(more['email'])
  const { data: name } = line(100).safeParse(more['name'])
  const locale = more['locale']
  const authTime = more['auth_time']
  return {
    issuer: iss,
    subject: sub,
    verifiedEmail: email.success && more['email_verified'] === true ? email.data : undefined,
    name,
    locale: typeof locale === 'string' && /^fr\b/i.test(locale) ? 'fr' : 'en',
    authenticatedAt: typeof authTime === 'number' ? new Date(authTime * 1_000) : undefined,
  }
}

/** An account here with the address that the provider names. */
export interface Namesake {
  readonly id: UserId
  readonly role: string
  readonly emailVerifiedAt: Date | null
}

type Match =
  | { readonly is: 'new'; readonly email: string }
  | { readonly is: 'linked' | 'reclaimed'; readonly userId: UserId }
  | {
      readonly is: 'refused'
      readonly code: 'PROVIDER_EMAIL_UNVERIFIED' | 'ACCOUNT_NOT_LINKABLE'
    }

/**
 * Which account somebody gets who comes from a provider for the first time. Only where the provider has verified the address:
 * otherwise whoever registers it there takes over what is here. Where it was never verified here, anybody may have opened the
 * account: it becomes its owner’s, who starts anew. What staff can do is worth more than a provider's word.
 */
export const matchPerson = (claims: Claims, namesake: Namesake | undefined): Match => {
  const email = claims.verifiedEmail
  if (email === undefined) return { is: 'refused', code: 'PROVIDER_EMAIL_UNVERIFIED' }
  if (namesake === undefined) return { is: 'new', email }
  if (namesake.role !== 'customer') return { is: 'refused', code: 'ACCOUNT_NOT_LINKABLE' }
  return { is: namesake.emailVerifiedAt === null ? 'reclaimed' : 'linked', userId: namesake.id }
}
