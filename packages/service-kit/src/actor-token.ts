/** The short-lived token in which one process tells another on whose behalf it calls (RFC 8725 rules; ES256 only). */
import { Actor } from '@comptoir/contracts/access'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from 'jose'
import { z } from 'zod'

const lifetimeSeconds = 60
const cacheMax = 10_000
const type = 'int+jwt'

export interface TokenKeys {
  /** `<service>.<instance>`: also the key of the instance's registry entry. */
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** Makes the key pair of one process; it lives as long as the process. */
export const createTokenKeys = async (kid: string): Promise<TokenKeys> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { kid, privateKey, publicJwk: await exportJWK(publicKey) }
}

export type IssueToken = (actor: Actor, audience: string) => Promise<string>

/** Issues tokens of this process, one for each actor and audience, used again until it is three quarters old. */
export const createTokenIssuer = (service: string, keys: TokenKeys): IssueToken => {
  const issued = new Map<string, { token: string; until: number }>()
  const keyOf = createKeyOf()
  return async (actor, audience) => {
    const now = Date.now()
    const key = keyOf(actor, audience)
    const known = issued.get(key)
    if (known !== undefined && known.until > now) return known.token
    const { id, ...claims } = actor
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: type, kid: keys.kid })
      .setIssuer(service)
      .setAudience(audience)
      .setSubject(id)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(Math.floor(now / 1000) + lifetimeSeconds)
      .sign(keys.privateKey)
    remember(issued, key, { token, until: now + lifetimeSeconds * 750 })
    return token
  }
}

/** An actor of a credential that is known is the same object each time, and written once. */
const createKeyOf = (): ((actor: Actor, audience: string) => string) => {
  const written = new WeakMap<Actor, string>()
  return (actor, audience) => {
    let own = written.get(actor)
    if (own === undefined) written.set(actor, (own = write(actor)))
    return `${audience} ${own}`
  }
}

/** So that no two actors share it: an id may hold any character. */
const write = ({ kind, id, scopes, session, provedAt, via }: Actor): string =>
  JSON.stringify([kind, id, scopes, session, provedAt, via])

export interface VerifiedCall {
  readonly actor: Actor
  /** The service that calls; it cannot be `gateway` for a call between services. */
  readonly caller: string
}

/** The public half of a process's key, and the service that registered it. */
export interface CallerKey {
  readonly service: string
  readonly publicJwk: JWK
}

const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  exp: z.number(),
  ...Actor.omit({ id: true }).shape,
})

/**
 * Checks tokens meant for `audience`. Answers 401 to anything else: another type, algorithm, audience or issuer than
 * the key's owner, a key that nobody registered, a token that has expired. What `keyOf` throws where it cannot tell is
 * passed on: the caller may try again, and nobody must take it for a refusal.
 */
export const createTokenVerifier = (
  audience: string,
  keyOf: (kid: string) => Promise<CallerKey | undefined>,
) => {
  const verified = new Map<string, { call: VerifiedCall; until: number }>()
  return async (token: string): Promise<VerifiedCall> => {
    const known = verified.get(token)
    if (known !== undefined && known.until > Date.now()) return known.call
    const { call, until } = await verify(token, audience, keyOf)
    remember(verified, token, { call, until })
    return call
  }
}

const verify = async (
  token: string,
  audience: string,
  keyOf: (kid: string) => Promise<CallerKey | undefined>,
) => {
  let owner: CallerKey | undefined
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        owner = kid === undefined ? undefined : await keyOf(kid)
        if (owner === undefined) throw new Error('The key is not registered')
        return importJWK(owner.publicJwk, 'ES256')
      },
      { algorithms: ['ES256'], typ: type, audience, requiredClaims: ['iss', 'sub', 'exp', 'jti'] },
    )
    const { iss, sub, exp, ...claims } = Claims.parse(payload)
    if (iss !== owner?.service) throw new Error('The issuer does not own the key')
    return { call: { actor: Actor.parse({ ...claims, id: sub }), caller: iss }, until: exp * 1000 }
  } catch (cause) {
    throw cause instanceof ServiceError ? cause : commonError('UNAUTHENTICATED', { cause })
  }
}

const remember = <V>(cache: Map<string, V>, key: string, value: V): void => {
  const oldest = cache.size >= cacheMax ? cache.keys().next().value : undefined
  if (oldest !== undefined) cache.delete(oldest)
  cache.set(key, value)
}
