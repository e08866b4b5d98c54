import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { listExternalIdentities, unlinkExternalIdentity } from '../db/external-identities.ts'
import { findPasswordHash } from '../db/passwords.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { providerOf } from '../oidc/providers.ts'
import { tellUnlinked } from '../oidc/tell-of-provider.ts'
import { demandStanding } from '../standing.ts'

/** With the user locked, so that of two ways in that are given up at once one stays. */
export const removeProviderLink: Procedure<typeof identity.removeProviderLink, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const links = await listExternalIdentities(tx, user.id)
    const link = links.find(({ id }) => id === input.linkId)
    if (link === undefined) throw ctx.fail('PROVIDER_LINK_NOT_FOUND')
    // Nobody gets in by a provider that the shop does not offer any more.
    const others = links.filter(
      ({ id, issuer }) => id !== link.id && providerOf(ctx.providers, issuer) !== undefined,
    )
    const hasPassword = (await findPasswordHash(tx, user.id)) != null
    if (!hasPassword && others.length === 0) throw ctx.fail('LAST_WAY_IN')
    await unlinkExternalIdentity(tx, link.id, ctx.clock.now())
    // Whoever has come in by it need not be the person who gives it up.
    await endSessionsOf(ctx, tx, { subjectId: user.id, except: ctx.actor.session })
    const provider = providerOf(ctx.providers, link.issuer)
    await tellUnlinked(ctx, tx, { user, provider: provider?.name ?? link.issuer })
    const facts = { by: 'person', provider: provider?.id ?? 'none' }
    await audit(ctx, tx, { action: 'account.unlinked', target: user.id, facts })
    return null
  })
