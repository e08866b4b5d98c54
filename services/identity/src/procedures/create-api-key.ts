import { ApiKeyId } from '@comptoir/contracts/identity/machine-model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { insertApiKey } from '../db/api-keys.ts'
import { mayGiveMachine } from '../domain/grantable.ts'
import { hashToken, makeToken } from '../security/secret-tokens.ts'
import { demandStanding } from '../standing.ts'

export const createApiKey: Procedure<typeof identity.createApiKey, Context> = async ({ ctx, input }) => {
  if (!mayGiveMachine(ctx.actor.scopes, input.scopes)) throw ctx.fail('SCOPES_NOT_GRANTABLE')
  const key = makeToken('ck_live')
  const now = ctx.clock.now()
  const made = {
    id: ApiKeyId.parse(ctx.ids.next()),
    name: input.name,
    hint: key.slice(-4),
    scopes: [...new Set(input.scopes)],
    networks: input.networks ?? [],
    createdBy: UserId.parse(ctx.actor.id),
  }
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt)
  await ctx.transaction(async (tx) => {
    // Who is thrown out at this moment leaves nothing behind that acts on.
    await demandStanding(ctx, tx)
    await insertApiKey(tx, { ...made, keyHash: hashToken(key), createdAt: now, expiresAt })
    await audit(ctx, tx, { action: 'key.created', target: made.id, facts: { scopes: made.scopes } })
  })
  return {
    ...made,
    createdAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: null,
    revokedAt: null,
    key,
  }
}
