import { occurred } from '@comptoir/contracts/event'
import type { UserId } from '@comptoir/contracts/ids'
import { orderLinked } from '@comptoir/contracts/orders/events'
import type { Transaction } from '@comptoir/service-kit/database'
import { sweep } from '@comptoir/service-kit/sweep'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { insertHistory } from '../db/history.ts'
import {
  deleteProof,
  findProofs,
  type Linked,
  linkOrders as giveOrders,
  lockProof,
  type Proof,
} from '../db/links.ts'
import { entry } from '../domain/order.ts'

const atOnce = 50
const name = 'link-orders'

/** Gives orders that were placed as a guest to the account that has proved their e-mail address. */
export const linkOrders: Worker<Context> = {
  name,
  everyMs: 5_000,
  run: async (ctx, signal) => {
    let isMore = false
    await sweep<Due>({
      worker: name,
      log: ctx.log,
      signal,
      page: async (after) =>
        (await findProofs(ctx.db, after, atOnce)).map((proof) => ({ ...proof, id: proof.userId })),
      work: async (proof) => {
        if (await link(ctx, proof)) isMore = true
      },
    })
    return isMore
  },
}

/** The account stands for it in the log: an address must not. */
type Due = Proof & { readonly id: UserId }

/** True where there are more orders of it than one transaction should take. */
const link = (ctx: Context, proof: Proof): Promise<boolean> =>
  ctx.transaction(async (tx) => {
    if (!(await lockProof(tx, proof))) return false
    const linked = await giveOrders(tx, proof, atOnce)
    for (const order of linked) await tell(ctx, tx, { order, ownerId: proof.userId })
    if (linked.length < atOnce) await deleteProof(tx, proof)
    if (linked.length > 0) ctx.wake('wake-watchers')
    return linked.length === atOnce
  })

const tell = async (
  ctx: Context,
  tx: Transaction,
  { order: { id, status, version }, ownerId }: { order: Linked; ownerId: UserId },
): Promise<void> => {
  const by = { at: ctx.clock.now().toISOString(), actor: 'system' } as const
  await insertHistory(tx, { orderId: id, ids: ctx.ids }, [entry(by, { kind: 'order', status: 'linked' })])
  const data = { orderId: id, ownerId, status }
  await ctx.emit(tx, [occurred(orderLinked, { aggregateId: id, version, data })])
}
