// A purchase by somebody who speaks GraphQL only.
import { beforeAll, describe, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import { address, awaitStatus, enter, fillCart, fulfil, pay, place, type Shopper } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { ask } from './ask.ts'
import { readMessages } from './read-messages.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

interface Result {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

interface Asking {
  readonly token?: string
  readonly headers?: Record<string, string>
}

const graphql = async (query: string, variables: object, { token, headers = {} }: Asking = {}) => {
  const answer = await ask(`${stack.gatewayUrl}/graphql`, { token, headers, body: { query, variables } })
  return { ...answer, result: answer.body as Result }
}

/** What is answered; an error fails the test. */
const dataOf = async (
  query: string,
  variables: object,
  asking?: Asking,
): Promise<Record<string, unknown>> => {
  const { result } = await graphql(query, variables, asking)
  expect(result.errors).toBeUndefined()
  return result.data ?? {}
}

const order = async (): Promise<{ shopper: Shopper; orderId: OrderId }> => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  return { shopper, orderId }
}

describe('over GraphQL', () => {
  test('products are listed page by page', async () => {
    for (const [name, amountMinor, onHand] of [
      ['Nimbus mug', 1_250, 5],
      ['Nimbus towel', 799, 5],
      ['Nimbus lamp', 4_500, 0],
    ] as const) {
      const variants = [
        { sku: `NIM-${amountMinor}`, price: { amountMinor, currency: 'GBP' as const }, onHand },
      ]
      await stack.shop('catalog', 'createProduct', { name, variants }, { token: stack.staffToken })
    }
    const query = `query ($after: String) { catalogListProducts(q: "nimbus", first: 2, after: $after, sort: PRICE) {
      edges { cursor node { name price { amountMinor currency } inStock } } pageInfo { hasNextPage endCursor } } }`
    const first = await dataOf(query, {})
    expect(first).toMatchObject({
      catalogListProducts: {
        edges: [
          { cursor: null, node: { name: 'Nimbus towel', price: { amountMinor: 799, currency: 'GBP' } } },
          { node: { name: 'Nimbus mug', inStock: true } },
        ],
        pageInfo: { hasNextPage: true },
      },
    })
    const { endCursor } = (first['catalogListProducts'] as { pageInfo: { endCursor: string } }).pageInfo
    expect(await dataOf(query, { after: endCursor })).toMatchObject({
      catalogListProducts: {
        edges: [{ cursor: null, node: { name: 'Nimbus lamp', inStock: false } }],
        pageInfo: { hasNextPage: false, endCursor: null },
      },
    })
  })

  test('a guest fills a cart and places one order, however often it is asked for', async () => {
    const [product] = stack.products
    const guest = await dataOf('mutation { identityCreateGuest { accessToken kind } }', {})
    const { accessToken: token } = guest['identityCreateGuest'] as { accessToken: string }
    const filled = await dataOf(
      `mutation ($variantId: ID!, $address: AddressInput!, $contact: ContactInput!) {
        cartsAddLine(variantId: $variantId, quantity: 2) { problems { __typename } }
        cartsSetAddress(address: $address, contact: $contact) { address { city } }
        cartsSetDeliveryOption(code: "standard") { problems { __typename } totals { subtotal { amountMinor } } } }`,
      { variantId: product?.variantId, address, contact: { email: 'ada@example.com', phone: null } },
      { token },
    )
    expect(filled).toMatchObject({
      cartsAddLine: { problems: [{ __typename: 'CartProblemAddressMissing' }, {}] },
      cartsSetAddress: { address: { city: 'London' } },
      cartsSetDeliveryOption: { problems: [], totals: { subtotal: { amountMinor: 2_500 } } },
    })
    const query = 'mutation { ordersPlaceOrder { id number status lines { quantity taxClass } } }'
    const keyless = await graphql(query, {}, { token })
    expect(keyless.result.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_REQUIRED' } }])
    const key = crypto.randomUUID()
    const headers = { 'idempotency-key': key }
    const first = await graphql(query, {}, { token, headers })
    expect(first.result).toMatchObject({
      data: { ordersPlaceOrder: { status: 'RECEIVED', lines: [{ quantity: 2, taxClass: 'STANDARD' }] } },
    })
    const again = await graphql(query, {}, { token, headers })
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const argued = query.replace('ordersPlaceOrder', `ordersPlaceOrder(idempotencyKey: "${key}")`)
    expect((await graphql(argued, {}, { token })).text).toBe(first.text)
  })

  test('another’s order is one that does not exist, among answers that are one’s own', async () => {
    const { orderId } = await order()
    const stranger = await order()
    const query = `query ($theirs: ID!, $own: ID!, $none: ID!) { theirs: ordersGetOrder(orderId: $theirs) { id }
      own: ordersGetOrder(orderId: $own) { id } none: ordersGetOrder(orderId: $none) { id } }`
    const none = '01900000-0000-7000-8000-000000000000'
    const variables = { theirs: orderId, own: stranger.orderId, none }
    const { result } = await graphql(query, variables, { token: stranger.shopper.token })
    expect(result.data).toEqual({ theirs: null, own: { id: stranger.orderId }, none: null })
    const told = result.errors?.map(({ message, extensions }) => ({ message, code: extensions.code }))
    const missing = { message: 'There is no such order.', code: 'ORDER_NOT_FOUND' }
    expect(told).toEqual([missing, missing])
  })

  test('the timeline of an order is told as it grows, and ends with the order', async () => {
    const { shopper, orderId } = await order()
    const query = 'subscription ($orderId: ID!) { ordersWatchOrder(orderId: $orderId) { kind status at } }'
    const watched = readMessages(`${stack.gatewayUrl}/graphql`, {
      token: shopper.token,
      body: { query, variables: { orderId } },
    })
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed')
    await fulfil(stack, orderId)
    const entries = (await watched) as { data: { ordersWatchOrder: { kind: string; status: string } } }[]
    const moves = entries
      .map(({ data }) => data.ordersWatchOrder)
      .filter(({ kind }) => kind === 'ORDER')
      .map(({ status }) => status)
    expect(moves).toEqual(['received', 'confirmed', 'prepared', 'shipped', 'delivered'])
  })

  test('what breaks the contract’s rules is refused by the service that made them', async () => {
    const { token } = await enter(stack.shop)
    const { result } = await graphql('{ catalogListProducts(first: 101) { nodes { id } } }', {}, { token })
    expect(result.errors).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', problem: { status: 400, errors: [{ pointer: '/limit' }] } } },
    ])
  })
})
