import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { listExternalIdentities } from './db/external-identities.ts'
import { listWorkingMachines } from './db/machines.ts'
import { providerOf } from './oidc/providers.ts'

const namesMax = 100

/** What lets somebody in, or acts, though every session of a person has ended: by the names that they know it by. */
export const remainingWays = async (
  ctx: Context,
  tx: Transaction,
  userId: UserId,
): Promise<{ providers: string[]; machines: string[] }> => {
  const links = await listExternalIdentities(tx, userId)
  // Nobody gets in by a provider that the shop does not offer any more.
  const providers = links.flatMap(({ issuer }) => providerOf(ctx.providers, issuer)?.name ?? [])
  const made = { userId, now: ctx.clock.now(), limit: namesMax }
  const keys = await listWorkingMachines(tx, 'key', made)
  const clients = await listWorkingMachines(tx, 'client', made)
  const machines = [...keys, ...clients].slice(0, namesMax).map(({ name }) => name)
  return { providers, machines }
}
