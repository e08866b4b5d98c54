import { type CryptoKey, SignJWT } from 'jose'
import type { StoredSession } from '../db/sessions.ts'
import type { Holder } from '../domain/rights.ts'
import { accessTokenMs } from '../domain/session.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
}

/** Whom a token speaks for, by which sign-in. */
interface Grant {
  readonly holder: Omit<Holder, 'secondFactor'>
  readonly session: Pick<StoredSession, 'id' | 'provedAt'>
}

export interface AccessTokens {
  /** Signs with this key from now on. */
  use(key: SigningKey): void
  /** Of the key that signs. */
  kid(): string | undefined
  issue(grant: Grant, about: { jti: string; now: Date }): Promise<{ token: string; expiresAt: Date }>
}

/** Access tokens as RFC 9068 has them: `typ` keeps them from being taken for any other token that this key might sign. */
export const accessTokens = (issuer: string): AccessTokens => {
  let signingKey: SigningKey | undefined
  return {
    use: (key) => {
      signingKey = key
    },
    kid: () => signingKey?.kid,
    issue: async ({ holder, session }, { jti, now }) => {
      if (signingKey === undefined) throw new Error('There is no signing key yet; the start makes one')
      const expiresAt = new Date(now.getTime() + accessTokenMs)
      const token = await new SignJWT(claimsOf(holder, session))
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signingKey.kid })
        .setIssuer(issuer)
        .setAudience('comptoir')
        .setSubject(holder.id)
        .setJti(jti)
        .setIssuedAt(now)
        .setExpirationTime(expiresAt)
        .sign(signingKey.privateKey)
      return { token, expiresAt }
    },
  }
}

/** `sid` and `auth_time` as OpenID Connect has them; `rights` is the version of what the person may do. */
const claimsOf = ({ kind, scopes, rightsVersion }: Grant['holder'], { id, provedAt }: Grant['session']) => ({
  kind,
  scopes: [...scopes],
  sid: id,
  rights: rightsVersion,
  ...(provedAt === null ? {} : { auth_time: Math.floor(provedAt.getTime() / 1_000) }),
})
