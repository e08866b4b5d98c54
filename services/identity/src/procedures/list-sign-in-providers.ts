import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'

export const listSignInProviders: Procedure<typeof identity.listSignInProviders, Context> = async ({
  ctx,
}) => ({ providers: [...ctx.providers.values()].map(({ id, name }) => ({ id, name })) })
