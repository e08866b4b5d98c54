import { commonError, ServiceError } from '@comptoir/contracts/errors'
import type { Cart } from '@comptoir/contracts/carts/model'
import type { OrderId } from '@comptoir/contracts/ids'
import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Call } from '@comptoir/service-kit/context'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { insertOrder } from '../db/insert-order.ts'
import { findOrderOfCart } from '../db/orders.ts'
import { type By, type OrderState, orderOf, receive } from '../domain/order.ts'
import {
  isReady,
  orderFrom,
  orderIdOf,
  ownerOf,
  type ReadyCart,
  sameAmount,
  shortLines,
} from '../domain/placing.ts'

type PlaceOrder = typeof orders.placeOrder
type Ctx = Context & Call<PlaceOrder>

export const placeOrder: Procedure<PlaceOrder, Context> = async ({ ctx, input }) => {
  const owner = ownerOf(ctx.actor)
  if (owner === undefined) throw commonError('FORBIDDEN')
  if (!ctx.settings.get('shop.acceptsOrders')) throw closed()
  const cart = await ctx.clients.carts.snapshot({})
  const refusal = refuse(ctx, cart, input.expectedTotal)
  if (refusal !== undefined) return orderedBefore(ctx, cart, refusal)
  if (!isReady(cart)) throw new Error('A cart without problems lacks something')
  const held = await holdStock(ctx, cart)
  if (held instanceof ServiceError) return orderedBefore(ctx, cart, held)

  const by: By = { at: ctx.clock.now().toISOString(), actor: 'customer' }
  const order = orderFrom(cart, { id: held, owner }, by)
  const placed = await ctx.transaction(async (tx) => {
    const number = await insertOrder(tx, {
      order,
      historyId: ctx.ids.next(),
      paymentTimeoutMinutes: ctx.settings.get('payment.timeoutMinutes'),
    })
    if (number === undefined) return answerWinner(ctx, tx, cart)
    const { next, events } = receive({ ...order, number }, by)
    await ctx.emit(tx, events)
    return ctx.answer(tx, orderOf(next))
  })
  // A hold whose order was never written is given back by its expiry, so that a retry of this operation finds it.
  if (placed === undefined || placed.id !== held) await giveBack(ctx, held)
  if (placed === undefined) throw ctx.fail('CART_ALREADY_ORDERED')
  return placed
}

const closed = () =>
  commonError('UNAVAILABLE', { message: 'The shop takes no orders at the moment.', retryAfterSeconds: 60 })

const refuse = (ctx: Ctx, cart: Cart, expected: Cart['totals']['total'] | undefined) => {
  const short = shortLines(cart)
  if (short !== undefined) return ctx.fail('OUT_OF_STOCK', short)
  if (cart.problems.length > 0) return ctx.fail('CART_NOT_READY', { problems: cart.problems })
  const actual = cart.totals.total
  if (expected !== undefined && !sameAmount(expected, actual))
    return ctx.fail('PRICE_CHANGED', { expected, actual })
  return undefined
}

/** Holds the stock under the id the order will have. A hold that ended before a late retry came is begun afresh. */
const holdStock = async (ctx: Ctx, cart: ReadyCart): Promise<OrderId | ServiceError> => {
  const lines = cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity }))
  const reserve = async (orderId: OrderId) =>
    (await ctx.clients.catalog.reserveStock({ orderId, lines })).orderId
  try {
    return await reserve(orderIdOf(ctx.operationId, cart)).catch((error: unknown) => {
      if (isError(error, 'RESERVATION_CLOSED')) return reserve(ctx.ids.next())
      throw error
    })
  } catch (error) {
    if (error instanceof ServiceError && isError(error, 'OUT_OF_STOCK')) return error
    throw error
  }
}

const isError = (error: unknown, code: string): boolean =>
  error instanceof ServiceError && error.code === code

/** Refuses, unless the very same cart has just become an order under another key: then that order is the answer. */
const orderedBefore = (ctx: Ctx, cart: Cart, refusal: ServiceError) =>
  ctx.transaction(async (tx) => {
    const winner = await answerWinner(ctx, tx, cart)
    if (winner === undefined) throw refusal
    return winner
  })

const answerWinner = async (ctx: Ctx, tx: Transaction, cart: Cart) => {
  const winner: OrderState | undefined = await findOrderOfCart(tx, cart.id)
  return winner?.cartVersion === cart.version ? ctx.answer(tx, orderOf(winner)) : undefined
}

const giveBack = async (ctx: Ctx, orderId: OrderId): Promise<void> => {
  await ctx.clients.catalog.releaseReservation({ orderId }).catch((error: unknown) => {
    ctx.log.warn('A hold could not be given back; it expires', { orderId, reason: errorFacts(error) })
  })
}
