/** Access tokens of identity, checked against its public keys (RFC 8725, RFC 9068). */
import { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { KeySet } from '@comptoir/contracts/identity/model'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { createKeySet } from '../key-set.ts'
import type { Revocations, Standing } from '../revocations.ts'

/** What identity's access tokens are for, whoever it says that it is. */
const audience = 'comptoir'
const cacheMax = 20_000

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
  const keys = createKeySet(options.loadKeys)
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
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
    })
    // With one key in the set, jose would take it for a token that names none.
    if (protectedHeader.kid === undefined) throw commonError('UNAUTHENTICATED')
    return Claims.parse(payload)
  } catch (cause) {
    if (cause instanceof errors.JOSEError || cause instanceof z.ZodError)
      throw commonError('UNAUTHENTICATED', { cause })
    throw cause
  }
}
