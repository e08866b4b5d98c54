// One key, however often and however much at once: one order, and the same answer to the byte.
import { beforeAll, describe, expect, test } from 'bun:test'
import { openDatabases } from '../stack/databases.ts'
import { enter, fillCart, type Order, type Shopper } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { ask, type Answer } from './ask.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

const shopperWithCart = async (): Promise<Shopper> => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  return shopper
}

interface Placing {
  readonly key?: string | undefined
  readonly body?: object
}

const faces = {
  REST: ({ token }: Shopper, { key, body = {} }: Placing) =>
    ask(`${stack.gatewayUrl}/v1/orders`, { token, body, headers: keyed(key) }),
  tRPC: ({ token }: Shopper, { key, body = {} }: Placing) =>
    ask(`${stack.gatewayUrl}/trpc/orders.placeOrder`, { token, body, headers: keyed(key) }),
}
const keyed = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': key }

/** The same member on both faces. */
const codeOf = ({ body }: Answer): unknown => {
  const told = body as { code?: unknown; error?: { data?: { code?: unknown } } }
  return told.error?.data?.code ?? told.code
}

const orderOf = ({ body }: Answer): Order => {
  const told = body as Order & { result?: { data: Order } }
  return told.result?.data ?? told
}

const ordersOf = async (shopper: Shopper): Promise<Order['id'][]> =>
  (await stack.shop('orders', 'listOrders', {}, { token: shopper.token })).items.map(({ id }) => id)

describe.each(Object.entries(faces))('placeOrder over %s', (_face, place) => {
  test('with one key 50 times in parallel makes one order and answers all alike, to the byte', async () => {
    const shopper = await shopperWithCart()
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => place(shopper, { key })))
    const [first] = answers
    if (first === undefined) throw new Error('Nobody answered')
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([first.status])
    expect(first.status).toBeLessThan(300)
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')
    expect(replays).toHaveLength(49)
    expect(await ordersOf(shopper)).toEqual([orderOf(first).id])
  })

  test('answers a later repeat as the first time, even though the order has moved on', async () => {
    const shopper = await shopperWithCart()
    const key = crypto.randomUUID()
    const first = await place(shopper, { key })
    const { id: orderId } = orderOf(first)
    await stack.shop('orders', 'cancelOrder', { orderId }, { token: shopper.token })
    const again = await place(shopper, { key })
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
  })

  test('with 50 different keys at once still makes one order of one cart', async () => {
    const shopper = await shopperWithCart()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => place(shopper, { key: crypto.randomUUID() })),
    )
    const placed = answers.filter(({ status }) => status < 300)
    expect(await ordersOf(shopper)).toEqual([...new Set(placed.map((answer) => orderOf(answer).id))])
    // Whoever comes after the cart has become an order finds the next one, which is empty.
    const refused = answers.filter(({ status }) => status >= 300).map(codeOf)
    expect(['CART_NOT_READY', 'CART_ALREADY_ORDERED']).toEqual(expect.arrayContaining([...new Set(refused)]))
    expect(placed.length).toBeGreaterThan(0)
  })

  test('refuses a key that was used with another body', async () => {
    const shopper = await shopperWithCart()
    const key = crypto.randomUUID()
    const { totals } = orderOf(await place(shopper, { key }))
    const other = await place(shopper, { key, body: { expectedTotal: totals.total } })
    expect([other.status, codeOf(other)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  })

  test('keeps the keys of two callers apart', async () => {
    const key = crypto.randomUUID()
    const [one, other] = [await shopperWithCart(), await shopperWithCart()]
    const [first, second] = [await place(one, { key }), await place(other, { key })]
    expect(second.headers.get('idempotency-replayed')).toBeNull()
    expect(orderOf(second).id).not.toBe(orderOf(first).id)
    expect(orderOf(second).contact).toEqual(other.contact)
  })

  test('stores no refusal: the same key works once its reason is gone', async () => {
    const shopper = await enter(stack.shop)
    const key = crypto.randomUUID()
    const refused = await place(shopper, { key })
    expect([refused.status, codeOf(refused)]).toEqual([409, 'CART_NOT_READY'])
    const [product] = stack.products
    if (product === undefined) throw new Error('There is nothing to buy')
    await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
    const placed = await place(shopper, { key })
    expect(placed.status).toBeLessThan(300)
    expect(placed.headers.get('idempotency-replayed')).toBeNull()
  })

  test.each([
    ['no key', 'IDEMPOTENCY_KEY_REQUIRED', undefined],
    ['a short key', 'IDEMPOTENCY_KEY_INVALID', 'short'],
    ['a key of 256 characters', 'IDEMPOTENCY_KEY_INVALID', 'k'.repeat(256)],
    ['a key with spaces', 'IDEMPOTENCY_KEY_INVALID', 'spaces are not allowed'],
  ])('refuses %s with %s', async (_what, code, key) => {
    const answer = await place(await shopperWithCart(), { key })
    expect([answer.status, codeOf(answer)]).toEqual([400, code])
  })
})

test('no key is left behind that nobody answered and nobody runs', async () => {
  await using databases = openDatabases(stack.databaseUrl)
  const [held] = await databases.orders<{ count: number }[]>`
    select count(*)::int as count from idempotency_keys where answered_at is null and lease_until > now()`
  expect(held?.count).toBe(0)
})
