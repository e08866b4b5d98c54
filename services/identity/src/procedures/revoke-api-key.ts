import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { endMachineAt } from '../end-machines.ts'

export const revokeApiKey: Procedure<typeof identity.revokeApiKey, Context> = ({ ctx, input: { keyId } }) =>
  ctx.transaction(async (tx) => {
    const outcome = await endMachineAt(tx, 'key', { id: keyId, at: ctx.clock.now() })
    if (outcome === 'unknown') throw ctx.fail('API_KEY_NOT_FOUND')
    if (outcome === 'ended') await audit(ctx, tx, { action: 'key.revoked', target: keyId })
    return null
  })
