import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listExternalIdentities } from '../db/external-identities.ts'
import { providerOf } from '../oidc/providers.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'

export const listProviderLinks: Procedure<typeof identity.listProviderLinks, Context> = async ({ ctx }) => {
  refuseThirdParties(ctx.actor)
  const links = await listExternalIdentities(ctx.db, UserId.parse(ctx.actor.id))
  return {
    items: links.map(({ id, issuer, linkedAt }) => {
      const provider = providerOf(ctx.providers, issuer)
      return {
        id,
        provider: provider?.id ?? null,
        name: provider?.name ?? issuer,
        linkedAt: linkedAt.toISOString(),
      }
    }),
  }
}
