import { Scope } from '@comptoir/contracts/access'
import { createLocalJWKSet, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { PublicKey } from '../domain/public-key.ts'

const Claims = z.object({
  sub: z.string(),
  kind: z.enum(['customer', 'staff', 'admin', 'client']),
  scopes: z.array(Scope),
  client_id: z.uuid(),
  jti: z.uuid(),
  sid: z.uuid().optional(),
  rights: z.int().optional(),
  iat: z.number(),
  exp: z.number(),
})
export type ReadToken = z.output<typeof Claims>

/** What an access token that was given to a client says; undefined for anything else, and for one that has expired. */
export const readAccessToken = async (
  token: string,
  keys: PublicKey[],
  { issuer, now }: { issuer: string; now: Date },
): Promise<ReadToken | undefined> => {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience: 'comptoir',
      currentDate: now,
    })
    return Claims.safeParse(payload).data
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
