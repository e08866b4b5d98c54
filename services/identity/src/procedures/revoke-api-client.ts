import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { endApiClient } from '../db/api-clients.ts'
import { insertRevocation } from '../db/revocations.ts'
import { endSessionsOfClient } from '../db/sessions.ts'

export const revokeApiClient: Procedure<typeof identity.revokeApiClient, Context> = ({
  ctx,
  input: { clientId },
}) =>
  ctx.transaction(async (tx) => {
    const now = ctx.clock.now()
    const outcome = await endApiClient(tx, clientId, now)
    if (outcome === 'unknown') throw ctx.fail('API_CLIENT_NOT_FOUND')
    if (outcome === 'over') return null
    await endSessionsOfClient(tx, clientId, now)
    // One for all: the edge looks at whom a token is for and at who acts with it.
    await insertRevocation(tx, { subject: clientId, session: null, rightsVersion: null })
    await audit(ctx, tx, { action: 'client.revoked', target: clientId })
    return null
  })
