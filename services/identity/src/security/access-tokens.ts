import type { Scope } from '@comptoir/contracts/access'
import { type CryptoKey, type JWTPayload, SignJWT } from 'jose'
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
  readonly session: Pick<StoredSession, 'id' | 'provedAt' | 'clientId'>
}

interface ClientGrant {
  readonly id: string
  readonly scopes: readonly Scope[]
}

interface About {
  readonly jti: string
  readonly now: Date
}

interface Issued {
  readonly token: string
  readonly expiresAt: Date
}

export interface AccessTokens {
  /** Signs with this key from now on. */
  use(key: SigningKey): void
  /** Of the key that signs. */
  kid(): string | undefined
  issue(grant: Grant, about: About): Promise<Issued>
  /** For a client that acts for itself. */
  issueToClient(client: ClientGrant, about: About): Promise<Issued>
  readonly issuer: string
}

/** Access tokens as RFC 9068 has them: `typ` keeps them from being taken for any other token that this key might sign. */
export const accessTokens = (issuer: string): AccessTokens => {
  let signingKey: SigningKey | undefined
  const sign = async (subject: string, claims: JWTPayload, { jti, now }: About): Promise<Issued> => {
    if (signingKey === undefined) throw new Error('There is no signing key yet; the start makes one')
    const expiresAt = new Date(now.getTime() + accessTokenMs)
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signingKey.kid })
      .setIssuer(issuer)
      .setAudience('comptoir')
      .setSubject(subject)
      .setJti(jti)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(signingKey.privateKey)
    return { token, expiresAt }
  }
  return {
    issuer,
    use: (key) => {
      signingKey = key
    },
    kid: () => signingKey?.kid,
    issue: ({ holder, session }, about) => sign(holder.id, claimsOf(holder, session), about),
    issueToClient: ({ id, scopes }, about) =>
      sign(id, { kind: 'client', scopes: [...scopes], ...clientClaims(id, scopes) }, about),
  }
}

/** `sid` and `auth_time` as OpenID Connect has them; `rights` is the version of what the person may do. */
const claimsOf = (
  { kind, scopes, rightsVersion }: Grant['holder'],
  { id, provedAt, clientId }: Grant['session'],
): JWTPayload => ({
  kind,
  scopes: [...scopes],
  sid: id,
  rights: rightsVersion,
  ...(provedAt === null ? {} : { auth_time: Math.floor(provedAt.getTime() / 1_000) }),
  // RFC 8693, 4.1: who acts is not whom the token is about.
  ...(clientId === null ? {} : { act: { sub: clientId }, ...clientClaims(clientId, scopes) }),
})

/** What RFC 9068, 2.2, wants besides. */
const clientClaims = (clientId: string, scopes: readonly Scope[]) => ({
  client_id: clientId,
  scope: scopes.join(' '),
})
