// Two hundred shoppers want the same ten units at the same moment.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { awaitStatus, enter, fillCart, fulfil, pay, type Order, type Shopper } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { ask, type Answer } from './ask.ts'
import { inLanes } from './in-lanes.ts'

const units = 10
const shoppersCount = 200

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack({ onHand: units })
})
afterAll(() => stack?.stop())

const place = ({ token }: Shopper): Promise<Answer> =>
  ask(`${stack.gatewayUrl}/v1/orders`, {
    token,
    body: {},
    headers: { 'idempotency-key': crypto.randomUUID() },
  })

const stock = (variantId: Order['lines'][number]['variantId']) =>
  stack.shop('catalog', 'getStock', { variantId }, { token: stack.staffToken })

test('200 shoppers at once for 10 units: 10 sold, 190 told OUT_OF_STOCK, stock 0, nothing stuck', async () => {
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  const shoppers = await inLanes(16, Array.from({ length: shoppersCount }), async () => {
    const shopper = await enter(stack.shop)
    const cart = await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
    expect(cart.problems).toEqual([])
    return shopper
  })

  const answers = await Promise.all(shoppers.map(place))
  const sold = answers.flatMap((answer, index) => {
    const shopper = shoppers[index]
    return answer.status === 201 && shopper !== undefined ? [{ shopper, order: answer.body as Order }] : []
  })
  const outcomes = Object.groupBy(answers, ({ status, body }) =>
    status === 201 ? 'sold' : String((body as { code?: unknown }).code),
  )
  expect(Object.fromEntries(Object.entries(outcomes).map(([key, all]) => [key, all?.length]))).toEqual({
    sold: units,
    OUT_OF_STOCK: shoppersCount - units,
  })
  const { data } = services.orders.placeOrder.errors.OUT_OF_STOCK
  for (const { body } of outcomes['OUT_OF_STOCK'] ?? [])
    expect(data.parse((body as { data: unknown }).data)).toEqual({
      lines: [{ variantId: product.variantId, requested: 1, available: 0 }],
    })
  expect(await stock(product.variantId)).toMatchObject({ onHand: units, allocated: units, available: 0 })

  const delivered = await inLanes(4, sold, async ({ shopper, order }) => {
    await pay(stack, shopper, order.id)
    await awaitStatus(stack, { token: shopper.token, orderId: order.id }, 'confirmed')
    return fulfil(stack, order.id)
  })
  expect(delivered.map(({ status }) => status)).toEqual(delivered.map(() => 'delivered'))
  expect(await breachesAtRest(stack)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
  expect(await stock(product.variantId)).toMatchObject({ onHand: 0, allocated: 0, available: 0 })
})
