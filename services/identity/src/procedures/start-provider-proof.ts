import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listExternalIdentities } from '../db/external-identities.ts'
import { findHolder } from '../db/holders.ts'
import { isProvedByProvider } from '../domain/rights.ts'
import { beginErrand } from '../oidc/begin-errand.ts'
import { isFrom } from '../oidc/providers.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'

export const startProviderProof: Procedure<typeof identity.startProviderProof, Context> = async ({
  ctx,
  input,
}) => {
  refuseThirdParties(ctx.actor)
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const userId = UserId.parse(ctx.actor.id)
  const holder = await findHolder(ctx.db, userId)
  if (holder === undefined) throw commonError('UNAUTHENTICATED')
  if (!isProvedByProvider(holder)) throw ctx.fail('SECOND_FACTOR_REQUIRED')
  const links = await listExternalIdentities(ctx.db, userId)
  if (!links.some(({ issuer }) => isFrom(provider, issuer))) throw ctx.fail('PROVIDER_NOT_LINKED')
  const location = await beginErrand(ctx, { ...input, purpose: 'proof', returnTo: input.returnTo })
  if (location === undefined) throw ctx.fail('BROWSER_SESSION_REQUIRED')
  return { location }
}
