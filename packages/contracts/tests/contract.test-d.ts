// Checked by the compiler alone: every line marked as an error must be one.
import type { TRPCClient } from '@trpc/client'
import type { AppRouter } from '../src/app.ts'
import { declaredError } from '../src/errors.ts'
import { occurred } from '../src/event.ts'
import type { OrderId } from '../src/ids.ts'
import { orderConfirmed } from '../src/orders/events.ts'
import type { OrderSnapshot } from '../src/orders/model.ts'
import { orders } from '../src/orders/procedures.ts'

declare const client: TRPCClient<AppRouter>
declare const orderId: OrderId
declare const snapshot: OrderSnapshot

export const inputs = async () => {
  await client.orders.getOrder.query({ orderId })
  // @ts-expect-error a wrong type
  await client.orders.getOrder.query({ orderId: 42 })
  // @ts-expect-error a missing field
  await client.orders.getOrder.query({})
  // @ts-expect-error a query cannot be called as a mutation
  await client.orders.getOrder.mutate({ orderId })
}

export const outputs = async () => {
  const order = await client.orders.getOrder.query({ orderId })
  const amount: number = order.totals.total.amountMinor
  // @ts-expect-error a renamed field is found by whoever reads it
  const renamed: number = order.totals.grandTotal
  return [amount, renamed]
}

export const streams = () => {
  client.orders.watchOrder.subscribe({ orderId }, { onData: ({ id, data }) => [id, data.status] })
  // @ts-expect-error an item comes with its id beside it
  client.orders.watchOrder.subscribe({ orderId }, { onData: (entry) => entry.status })
}

export const ids = () => {
  // @ts-expect-error an id of another kind is no order’s id, even though both are text
  const mixed: OrderId = snapshot.cartId
  return mixed
}

export const procedures = async () => {
  // @ts-expect-error a procedure that no contract has
  await client.orders.burnOrder.mutate({ orderId })
}

export const events = () => {
  occurred(orderConfirmed, { aggregateId: orderId, version: 2, data: snapshot })
  const { totals: _totals, ...incomplete } = snapshot
  // @ts-expect-error an event with a missing field
  occurred(orderConfirmed, { aggregateId: orderId, version: 2, data: incomplete })
}

export const errors = () => {
  declaredError(orders.cancelOrder.errors, 'ORDER_NOT_CANCELLABLE', { status: 'shipped' })
  // @ts-expect-error an error that the contract does not declare
  declaredError(orders.cancelOrder.errors, 'OUT_OF_STOCK')
  // @ts-expect-error an error without the facts it is to carry
  declaredError(orders.cancelOrder.errors, 'ORDER_NOT_CANCELLABLE')
}
