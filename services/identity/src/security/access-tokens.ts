import { scopesOfKind } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { type CryptoKey, SignJWT } from 'jose'
import { accessTokenMs } from '../domain/session.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
}

export interface Subject {
  readonly id: string
  readonly kind: Session['kind']
}

export interface AccessTokens {
  /** Signs with this key from now on. */
  use(key: SigningKey): void
  issue(subject: Subject, about: { jti: string; now: Date }): Promise<{ token: string; expiresAt: Date }>
}

/** Access tokens as RFC 9068 has them: `typ` keeps them from being taken for any other token that this key might sign. */
export const accessTokens = (issuer: string): AccessTokens => {
  let signingKey: SigningKey | undefined
  return {
    use: (key) => {
      signingKey = key
    },
    issue: async (subject, { jti, now }) => {
      if (signingKey === undefined) throw new Error('There is no signing key yet; the start makes one')
      const expiresAt = new Date(now.getTime() + accessTokenMs)
      const token = await new SignJWT({ kind: subject.kind, scopes: scopesOfKind[subject.kind] })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signingKey.kid })
        .setIssuer(issuer)
        .setAudience('comptoir')
        .setSubject(subject.id)
        .setJti(jti)
        .setIssuedAt(now)
        .setExpirationTime(expiresAt)
        .sign(signingKey.privateKey)
      return { token, expiresAt }
    },
  }
}
