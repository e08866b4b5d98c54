import type { EventContract } from '@comptoir/contracts/event'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { orderFacts } from '../domain/payload.ts'
import { enqueue } from '../enqueue.ts'

type ToldStatus = 'received' | 'confirmed' | 'prepared' | 'delivered' | 'cancelled'
type OrderChanged = EventContract<`orders.order.${ToldStatus}.v1`, 'order', typeof OrderSnapshot>

/** Every change of an order is told alike; only the template differs. */
export const onOrderChanged: Handler<OrderChanged, Context> = async ({ ctx, tx, event }) => {
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: event.data.contact,
    orderId: event.data.id,
    payload: { template: plan.template, order: orderFacts(event.data) },
  })
}
