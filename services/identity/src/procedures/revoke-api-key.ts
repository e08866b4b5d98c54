import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { endApiKey } from '../db/api-keys.ts'
import { insertRevocation } from '../db/revocations.ts'

export const revokeApiKey: Procedure<typeof identity.revokeApiKey, Context> = ({ ctx, input: { keyId } }) =>
  ctx.transaction(async (tx) => {
    const outcome = await endApiKey(tx, keyId, ctx.clock.now())
    if (outcome === 'unknown') throw ctx.fail('API_KEY_NOT_FOUND')
    if (outcome === 'over') return null
    await insertRevocation(tx, { subject: keyId, session: null, rightsVersion: null })
    await audit(ctx, tx, { action: 'key.revoked', target: keyId })
    return null
  })
