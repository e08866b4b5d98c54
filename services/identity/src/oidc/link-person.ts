import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { insertExternalIdentity } from '../db/external-identities.ts'
import type { Claims } from '../domain/provider-claims.ts'
import type { Provider } from './providers.ts'
import { tellLinked, type Told } from './tell-of-provider.ts'

interface Linking {
  readonly claims: Claims
  readonly user: Told
  readonly provider: Provider
  readonly passwordRemoved?: boolean
}

/** Links somebody at a provider to an account; false where somebody else was faster with them. */
export const insertLink = (
  ctx: Context,
  tx: Transaction,
  { claims: { issuer, subject }, userId }: { claims: Claims; userId: User['id'] },
): Promise<boolean> =>
  insertExternalIdentity(tx, { id: ctx.ids.next(), issuer, subject, userId, linkedAt: ctx.clock.now() })

/** The same for an account that was there before: its owner is told. */
export const linkPerson = async (
  ctx: Context,
  tx: Transaction,
  { claims, user, provider, passwordRemoved = false }: Linking,
): Promise<boolean> => {
  if (!(await insertLink(ctx, tx, { claims, userId: user.id }))) return false
  await tellLinked(ctx, tx, { user, provider: provider.name, passwordRemoved })
  return true
}
