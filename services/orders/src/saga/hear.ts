import type { EventContract, Received } from '@comptoir/contracts/event'
import type { OrderId } from '@comptoir/contracts/ids'
import { PermanentError } from '@comptoir/service-kit/consumer'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { lockOrder } from '../db/orders.ts'
import type { By, Change, OrderState } from '../domain/order.ts'
import { applyChange } from './apply-change.ts'

interface Heard {
  readonly ctx: Context
  readonly tx: Transaction
  readonly event: Pick<Received<EventContract>, 'id'>
  readonly orderId: OrderId
}

/** Puts what another service said on its order. `decide` answers undefined for old news. */
export const hear = async (
  { ctx, tx, event, orderId }: Heard,
  decide: (order: OrderState, by: By) => Change | undefined,
): Promise<void> => {
  const before = await lockOrder(tx, orderId)
  // Others hear of an order only after it has been committed here, so waiting for it would not help.
  if (before === undefined) throw new PermanentError('The event is about an order that is not here')
  const by: By = { at: ctx.clock.now().toISOString(), actor: 'system', eventId: event.id }
  const change = decide(before, by)
  if (change !== undefined) await applyChange(ctx, tx, { before, change, by })
}
