import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listExternalIdentities } from '../db/external-identities.ts'
import { beginErrand } from '../oidc/begin-errand.ts'
import { isFrom } from '../oidc/providers.ts'

export const startProviderLink: Procedure<typeof identity.startProviderLink, Context> = async ({
  ctx,
  input,
}) => {
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const linked = await listExternalIdentities(ctx.db, UserId.parse(ctx.actor.id))
  if (linked.some(({ issuer }) => isFrom(provider, issuer))) throw ctx.fail('PROVIDER_LINKED')
  const location = await beginErrand(ctx, { ...input, purpose: 'link', returnTo: input.returnTo })
  if (location === undefined) throw ctx.fail('BROWSER_SESSION_REQUIRED')
  return { location }
}
