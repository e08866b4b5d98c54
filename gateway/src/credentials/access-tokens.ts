/** Access tokens of identity, checked against its public keys (RFC 8725, RFC 9068). */
import { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { KeySet } from '@comptoir/contracts/identity/model'
import { createLocalJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Revocations, Standing } from '../revocations.ts'

/** What identity's access tokens are for, whoever it says that it is. */
const audience = 'comptoir'
const cacheMax = 20_000
const keysMaxAgeMs = 300_000
const reloadMinMs = 5_000

const Claims = z.object({
  sub: Actor.shape.id,
  exp: z.number(),
  kind: z.enum(['guest', 'customer', 'staff', 'admin', 'client']),
  scopes: Actor.shape.scopes,
  sid: Actor.shape.session,
  jti: z.string().optional(),
  auth_time: Actor.shape.provedAt,
  rights: z.int().optional(),
  act: z.object({ sub: z.string().max(64) }).optional(),
})

export interface AccessTokenOptions {
  readonly issuer: string
  readonly revocations: Pick<Revocations, 'loaded' | 'revokes'>
  loadKeys(): Promise<KeySet>
}

interface Known {
  readonly actor: Actor
  readonly standing: Standing
  readonly until: number
}

/** Makes the function that answers whom an access token speaks for; UNAUTHENTICATED for one that is none. */
export const createAccessTokens = (options: AccessTokenOptions): ((token: string) => Promise<Actor>) => {
  const known = new Map<string, Known>()
  const keys = createKeys(options)
  const { revocations } = options
  const check = async (token: string): Promise<Known> => {
    const checked = knownOf(await verify(token, keys, options.issuer))
    await revocations.loaded()
    const oldest = known.size >= cacheMax ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    known.set(token, checked)
    return checked
  }
  return async (token) => {
    const cached = known.get(token)
    const valid = cached !== undefined && cached.until > Date.now() ? cached : await check(token)
    const { standing, actor } = valid
    // A third party that is gone acts for nobody any more.
    const isRevoked =
      revocations.revokes(standing) ||
      (actor.via !== undefined && revocations.revokes({ subject: actor.via }))
    if (isRevoked) throw commonError('UNAUTHENTICATED')
    return actor
  }
}

const knownOf = ({
  sub,
  exp,
  kind,
  scopes,
  sid,
  jti,
  auth_time: provedAt,
  rights,
  act,
}: Verified): Known => ({
  actor: {
    kind,
    id: sub,
    scopes,
    ...(sid === undefined ? {} : { session: sid }),
    ...(provedAt === undefined ? {} : { provedAt }),
    ...(act === undefined ? {} : { via: act.sub }),
  },
  // A client that acts for itself has no session: its token can be revoked by itself.
  standing: { subject: sub, session: sid ?? jti, rights },
  until: exp * 1000,
})

type Verified = z.output<typeof Claims>

const verify = async (token: string, keys: JWTVerifyGetKey, issuer: string): Promise<Verified> => {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
    })
    return Claims.parse(payload)
  } catch (cause) {
    if (cause instanceof errors.JOSEError || cause instanceof z.ZodError)
      throw commonError('UNAUTHENTICATED', { cause })
    throw cause
  }
}

/** identity’s keys, loaded again when they are old or when a token names one that is not among them. */
const createKeys = ({ loadKeys }: AccessTokenOptions): JWTVerifyGetKey => {
  let find: JWTVerifyGetKey | undefined
  let loadedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    askedAt = performance.now()
    const set = await loadKeys()
    find = createLocalJWKSet(set)
    loadedAt = performance.now()
  }
  const load = () => (loading ??= begin().finally(() => (loading = undefined)))
  // Anybody can name a key that nobody has, and identity may be away: neither may make us ask without a pause.
  const mayAskAgain = () => performance.now() - askedAt > reloadMinMs
  return async (header, token) => {
    if (find === undefined) await load()
    // Old keys serve on meanwhile, and for as long as identity is away.
    else if (performance.now() - loadedAt > keysMaxAgeMs && mayAskAgain()) void load().catch(() => undefined)
    try {
      return await usable(find)(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAskAgain()) throw error
      await load()
      return usable(find)(header, token)
    }
  }
}

const usable = (find: JWTVerifyGetKey | undefined): JWTVerifyGetKey => {
  if (find === undefined) throw commonError('UNAVAILABLE')
  return find
}
