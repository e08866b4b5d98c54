import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { isKnownNetwork, keepNetwork } from './db/sign-in-networks.ts'
import { networkKnownMs } from './domain/throttle.ts'

/** A call that knows from which network it comes, if the edge could tell. */
export type Calling = Context & { readonly network?: string | undefined }

/** Whether the account of that address was lately signed in to from where the call comes from. */
export const isFromKnownNetwork = async (ctx: Calling, email: string): Promise<boolean> => {
  if (ctx.network === undefined) return false
  const since = new Date(ctx.clock.now().getTime() - networkKnownMs)
  return isKnownNetwork(ctx.db, { email, network: ctx.network, since })
}

/** Notes from where somebody has shown who they are; that nobody could tell from where is no place. */
export const knowNetwork = async (ctx: Calling, tx: Transaction, userId: UserId): Promise<void> => {
  if (ctx.network === undefined) return
  await keepNetwork(tx, { userId, network: ctx.network, at: ctx.clock.now() })
}
