import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { endMachineAt } from '../end-machines.ts'

export const revokeApiClient: Procedure<typeof identity.revokeApiClient, Context> = ({
  ctx,
  input: { clientId },
}) =>
  ctx.transaction(async (tx) => {
    const outcome = await endMachineAt(tx, 'client', { id: clientId, at: ctx.clock.now() })
    if (outcome === 'unknown') throw ctx.fail('API_CLIENT_NOT_FOUND')
    if (outcome === 'ended') await audit(ctx, tx, { action: 'client.revoked', target: clientId })
    return null
  })
