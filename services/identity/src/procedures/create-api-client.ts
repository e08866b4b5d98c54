import { commonError } from '@comptoir/contracts/errors'
import { ApiClientId } from '@comptoir/contracts/identity/machine-model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { insertApiClient } from '../db/api-clients.ts'
import { mayGiveClient } from '../domain/grantable.ts'
import { newClientFaults } from '../domain/new-client.ts'
import { hashToken, makeToken } from '../security/secret-tokens.ts'
import { demandStanding } from '../standing.ts'

export const createApiClient: Procedure<typeof identity.createApiClient, Context> = async ({
  ctx,
  input,
}) => {
  const fields = newClientFaults(input)
  if (fields.length > 0) throw commonError('INVALID_INPUT', { fields })
  const made = {
    id: ApiClientId.parse(ctx.ids.next()),
    name: input.name,
    redirectUris: [...new Set(input.redirectUris)],
    scopes: [...new Set(input.scopes)],
    actsForItself: input.actsForItself ?? false,
    createdBy: UserId.parse(ctx.actor.id),
  }
  const actsForPeople = made.redirectUris.length > 0
  if (!mayGiveClient(ctx.actor.scopes, { ...made, actsForPeople })) throw ctx.fail('SCOPES_NOT_GRANTABLE')
  const secret = input.type === 'confidential' ? makeToken('cs_live') : null
  const secretHash = secret === null ? null : hashToken(secret)
  const createdAt = ctx.clock.now()
  await ctx.transaction(async (tx) => {
    // Who is thrown out at this moment leaves nothing behind that acts on.
    await demandStanding(ctx, tx)
    await insertApiClient(tx, { ...made, actsForPeople, secretHash, createdAt })
    await audit(ctx, tx, { action: 'client.created', target: made.id, facts: { scopes: made.scopes } })
  })
  const type = input.type
  return { ...made, type, createdAt: createdAt.toISOString(), lastUsedAt: null, revokedAt: null, secret }
}
