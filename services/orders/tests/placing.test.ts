import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { VariantId } from '@comptoir/contracts/ids'
import { Order } from '@comptoir/contracts/orders/model'
import { orderReceived } from '@comptoir/contracts/orders/events'
import { guestActor, serviceActor } from '@comptoir/service-kit/testing/actors'
import { gate, refusal } from './fake-shop.ts'
import { codeOf, newKey, startOrders } from './orders-under-test.ts'
import { sampleCart } from './sample-cart.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders()
})
afterAll(() => world.service.stop())
beforeEach(() => {
  world.shop.cart = sampleCart()
  world.shop.reserve = async () => {}
  world.shop.holds.length = 0
  world.shop.released.length = 0
})

/** Waits until the service goes by what was set. */
const live = async (name: 'payment.timeoutMinutes' | 'shop.acceptsOrders', value: unknown) => {
  const { service } = world
  await service.setLive(name, value)
  for (const giveUpAt = performance.now() + 10_000; service.context.settings.get(name) !== value;) {
    if (performance.now() > giveUpAt) throw new Error(`${name} was never ${String(value)}`)
    await Bun.sleep(5)
  }
}

const countOrders = async (): Promise<number> => {
  const [row] = await world.service.sql`
    select count(*)::int from orders where cart_id = ${world.shop.cart.id}`
  return row?.count
}
const shortOf = (variantId: VariantId) => ({ lines: [{ variantId, requested: 2, available: 1 }] })

test('an order is the cart as it was, held, with a number, four steps, one row and one event', async () => {
  const { shop, service, story } = world
  const order = await service.as(guestActor()).placeOrder({}, { idempotencyKey: newKey() })
  expect(Order.parse(order)).toEqual(order)
  expect(order).toMatchObject({
    status: 'received',
    paymentStatus: 'unpaid',
    version: 1,
    totals: shop.cart.totals,
  })
  expect(order.number).toMatch(/^C-\d{4,}$/)
  expect(order.lines).toMatchObject([{ sku: 'CANDLE', quantity: 2, tax: { amountMinor: 167 } }])
  expect(shop.holds).toEqual([
    { orderId: order.id, lines: [{ variantId: order.lines[0]?.variantId as VariantId, quantity: 2 }] },
  ])
  expect(shop.released).toEqual([])
  expect(await story(order.id)).toEqual(['order received'])
  const event = await service.probe.next(orderReceived, ({ aggregateId }) => aggregateId === order.id)
  expect(event.data).toMatchObject({ number: order.number, cartId: shop.cart.id, version: 1 })
  const steps = await service.sql`
    select name, state, run_at = deadline_at as at_deadline from order_steps where order_id = ${order.id} order by name`
  expect([...steps]).toEqual([
    { name: 'authorise-payment', state: 'waiting', at_deadline: true },
    { name: 'capture-payment', state: 'waiting', at_deadline: null },
    { name: 'commit-stock', state: 'waiting', at_deadline: null },
    { name: 'reserve-stock', state: 'done', at_deadline: null },
  ])
})

test('an order waits for its payment for as long as is set when it is placed', async () => {
  const minutesOf = async () => {
    world.shop.cart = sampleCart()
    const order = await world.service.as(guestActor()).placeOrder({}, { idempotencyKey: newKey() })
    const [step] = await world.service.sql`
      select round(extract(epoch from deadline_at - now()) / 60)::int as minutes
      from order_steps where order_id = ${order.id} and name = 'authorise-payment'`
    return step?.['minutes']
  }
  await live('payment.timeoutMinutes', 45)
  expect(await minutesOf()).toBe(45)
  await live('payment.timeoutMinutes', 30)
  expect(await minutesOf()).toBe(30)
})

test('a shop that takes no orders says so before it holds anything, and the same key orders once it does', async () => {
  const { shop, service } = world
  const place = service.as(guestActor()).placeOrder
  const idempotencyKey = newKey()
  await live('shop.acceptsOrders', false)
  expect(await codeOf(place({}, { idempotencyKey }))).toBe('UNAVAILABLE')
  expect(shop.holds).toEqual([])
  expect(await countOrders()).toBe(0)
  await live('shop.acceptsOrders', true)
  expect((await place({}, { idempotencyKey })).status).toBe('received')
})

test('one key 50 times in parallel is one order, and every answer the same', async () => {
  const actor = guestActor()
  const key = newKey()
  const place = async (): Promise<unknown> => {
    for (;;) {
      try {
        return await world.service.as(actor).placeOrder({}, { idempotencyKey: key })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'IDEMPOTENCY_IN_FLIGHT'))
          throw error
      }
    }
  }
  const answers = await Promise.all(Array.from({ length: 50 }, place))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await countOrders()).toBe(1)
})

test('two keys for one cart at once are one order, and the loser gives its hold back', async () => {
  const { shop, service } = world
  const actor = guestActor()
  const both = gate()
  let arrived = 0
  shop.reserve = async () => {
    arrived += 1
    if (arrived === 2) both.open()
    await both.pass()
  }
  const [one, other] = await Promise.all([
    service.as(actor).placeOrder({}, { idempotencyKey: newKey() }),
    service.as(actor).placeOrder({}, { idempotencyKey: newKey() }),
  ])
  expect(other).toEqual(one)
  expect(await countOrders()).toBe(1)
  expect(shop.holds.map((hold) => hold.orderId).filter((id) => id !== one.id)).toEqual(shop.released)
  expect(shop.released).toHaveLength(1)
})

test('a second key for a cart whose order took the last units gets that order', async () => {
  const { shop, service } = world
  const actor = guestActor()
  const first = await service.as(actor).placeOrder({}, { idempotencyKey: newKey() })
  const variantId = first.lines[0]?.variantId as VariantId
  shop.reserve = async () => Promise.reject(refusal('OUT_OF_STOCK', 409, shortOf(variantId)))
  expect(await service.as(actor).placeOrder({}, { idempotencyKey: newKey() })).toEqual(first)
  shop.cart = {
    ...shop.cart,
    problems: [{ code: 'SHORT_OF_STOCK', variantId, requested: 2, available: 0 }],
  }
  expect(await service.as(actor).placeOrder({}, { idempotencyKey: newKey() })).toEqual(first)
})

test('a try that died between hold and order shares its hold with the retry', async () => {
  const { shop, service } = world
  const actor = guestActor()
  const key = newKey()
  shop.reserve = async () => Promise.reject(new Error('the connection broke after the hold'))
  expect(await codeOf(service.as(actor).placeOrder({}, { idempotencyKey: key }))).toBe('INTERNAL')
  shop.reserve = async () => {}
  const order = await service.as(actor).placeOrder({}, { idempotencyKey: key })
  expect(shop.holds.map((hold) => hold.orderId)).toEqual([order.id, order.id])
  expect(shop.released).toEqual([])
})

test('a retry after the cart changed holds what the cart holds now', async () => {
  const { shop, service } = world
  const actor = guestActor()
  const key = newKey()
  shop.reserve = async () => Promise.reject(new Error('the connection broke after the hold'))
  await codeOf(service.as(actor).placeOrder({}, { idempotencyKey: key }))
  shop.reserve = async () => {}
  shop.cart = { ...shop.cart, version: shop.cart.version + 1 }
  const order = await service.as(actor).placeOrder({}, { idempotencyKey: key })
  expect(shop.holds[1]?.orderId).toBe(order.id)
  expect(shop.holds[0]?.orderId).not.toBe(order.id)
})

test('a retry whose hold has expired takes a new one', async () => {
  const { shop, service } = world
  let calls = 0
  shop.reserve = async () => {
    calls += 1
    if (calls === 1) throw refusal('RESERVATION_CLOSED', 409)
  }
  const order = await service.as(guestActor()).placeOrder({}, { idempotencyKey: newKey() })
  expect(shop.holds.map((hold) => hold.orderId === order.id)).toEqual([false, true])
})

describe('refuses', () => {
  const place = (input = {}, actor = guestActor()) =>
    codeOf(world.service.as(actor).placeOrder(input, { idempotencyKey: newKey() }))

  test('a cart with problems, CART_NOT_READY', async () => {
    world.shop.cart = sampleCart({ problems: [{ code: 'ADDRESS_MISSING' }] })
    expect(await place()).toBe('CART_NOT_READY')
    expect(world.shop.holds).toEqual([])
  })
  test('a cart that is short of stock, OUT_OF_STOCK', async () => {
    const variantId = world.shop.cart.lines[0]?.variantId as VariantId
    world.shop.cart = sampleCart({
      problems: [{ code: 'SHORT_OF_STOCK', variantId, requested: 2, available: 1 }],
    })
    expect(await place()).toBe('OUT_OF_STOCK')
  })
  test('what catalog cannot hold, OUT_OF_STOCK with the lines', async () => {
    const lines = shortOf(world.shop.cart.lines[0]?.variantId as VariantId)
    world.shop.reserve = async () => Promise.reject(refusal('OUT_OF_STOCK', 409, lines))
    const call = world.service.as(guestActor()).placeOrder({}, { idempotencyKey: newKey() })
    await expect(call).rejects.toMatchObject({ code: 'OUT_OF_STOCK', data: lines })
    expect(await countOrders()).toBe(0)
  })
  test('another total than the customer saw, PRICE_CHANGED with both', async () => {
    const expectedTotal = { amountMinor: 1, currency: 'GBP' }
    const call = world.service.as(guestActor()).placeOrder({ expectedTotal }, { idempotencyKey: newKey() })
    const data = { expected: expectedTotal, actual: world.shop.cart.totals.total }
    await expect(call).rejects.toMatchObject({ code: 'PRICE_CHANGED', data })
    expect(world.shop.holds).toEqual([])
  })
  test('a changed cart that was ordered already, CART_ALREADY_ORDERED, and gives the hold back', async () => {
    const actor = guestActor()
    expect(await place({}, actor)).toBe('no error')
    world.shop.cart = { ...world.shop.cart, version: world.shop.cart.version + 1 }
    expect(await place({}, actor)).toBe('CART_ALREADY_ORDERED')
    expect(world.shop.released).toEqual(world.shop.holds.slice(1).map((hold) => hold.orderId))
  })
  test('a caller who is no shopper, FORBIDDEN', async () => {
    expect(await place({}, serviceActor('carts'))).toBe('FORBIDDEN')
  })
  test('a call without a key', async () => {
    expect(await codeOf(world.service.as(guestActor()).placeOrder({}))).toBe('IDEMPOTENCY_KEY_REQUIRED')
  })
})
