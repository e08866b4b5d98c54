import type { Transaction } from '@comptoir/service-kit/database'
import { audit } from '../audit.ts'
import { findExternalIdentity, forgetUnlinked, listExternalIdentities } from '../db/external-identities.ts'
import type { Finishing, Returned } from './finishing.ts'
import { lockAsking } from './lock-asking.ts'
import { linkPerson } from './link-person.ts'
import { isFrom } from './providers.ts'

/** Links somebody at a provider to the account that has asked for it, while its session still stands. Addresses do not matter. */
export const linkAccount = async (
  ctx: Finishing,
  tx: Transaction,
  { trip: { returnTo }, provider, claims, session }: Returned,
): Promise<null> => {
  const { user, person } = await lockAsking(ctx, tx, { session })
  const known = await findExternalIdentity(tx, claims)
  if (known === user.id) {
    // They are where they want to be already. An earlier version of this links them again and still knows them as unlinked.
    await forgetUnlinked(tx, user.id, claims)
    return null
  }
  if (known !== undefined) throw ctx.fail('PROVIDER_ACCOUNT_TAKEN', { returnTo })
  const links = await listExternalIdentities(tx, user.id)
  if (links.some(({ issuer }) => isFrom(provider, issuer))) throw ctx.fail('PROVIDER_LINKED', { returnTo })
  if (!(await linkPerson(ctx, tx, { claims, user, provider })))
    throw ctx.fail('PROVIDER_ACCOUNT_TAKEN', { returnTo })
  await forgetUnlinked(tx, user.id, claims)
  const facts = { by: 'person', provider: provider.id }
  await audit(person, tx, { action: 'account.linked', target: user.id, facts })
  return null
}
