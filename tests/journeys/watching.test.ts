// The timeline of an order as it grows: over the official client's subscriptions, and as server-sent events over REST.
import { beforeAll, describe, expect, test } from 'bun:test'
import type { AppRouter } from '@comptoir/contracts/app'
import type { OrderId } from '@comptoir/contracts/ids'
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import { EventSource, type EventSourceFetchInit } from 'eventsource'
import { awaitStatus, enter, fillCart, fulfil, pay, place, type Shopper } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { readEvents } from './read-events.ts'

const moves = ['received', 'confirmed', 'prepared', 'shipped', 'delivered']

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

interface Entry {
  readonly id: string
  readonly kind: string
  readonly status: string
}

const orderMoves = (entries: readonly Entry[]): string[] =>
  entries.filter(({ kind }) => kind === 'order').map(({ status }) => status)

const order = async (): Promise<{ shopper: Shopper; orderId: OrderId; token: string }> => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  return { shopper, orderId, token: shopper.token }
}

const timeline = async (about: { token: string; orderId: OrderId }): Promise<Entry[]> =>
  (await stack.shop('orders', 'getTimeline', { orderId: about.orderId }, { token: about.token })).items

/** Watches as a storefront does. */
const watch = (token: string, orderId: OrderId, lastEventId?: string) => {
  const withToken = (url: string | URL, init: EventSourceFetchInit) =>
    fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${stack.gatewayUrl}/trpc`,
        EventSource,
        eventSourceOptions: () => ({ fetch: withToken }),
      }),
    ],
  })
  const entries: Entry[] = []
  const states: string[] = []
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const subscription = client.orders.watchOrder.subscribe(
    { orderId, lastEventId },
    {
      onData: ({ data }) => entries.push(data),
      onConnectionStateChange: ({ state }) => states.push(state),
      onComplete: resolve,
      onError: reject,
    },
  )
  return { entries, states, ended, stop: () => subscription.unsubscribe() }
}

describe('watchOrder over httpSubscriptionLink', () => {
  test('tells each entry as it happens, once, and ends with the order', async () => {
    const { shopper, orderId, token } = await order()
    const watched = watch(token, orderId)
    await until('the first entry is told', () => watched.entries[0])
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token, orderId }, 'confirmed')
    await until('the confirmation is told', () => orderMoves(watched.entries)[1])
    await fulfil(stack, orderId)
    await watched.ended
    expect(orderMoves(watched.entries)).toEqual(moves)
    const all = await timeline({ token, orderId })
    expect(watched.entries).toEqual(all.slice(0, watched.entries.length))
  })

  test('goes on after the entry that a client names', async () => {
    const { orderId, token, shopper } = await order()
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token, orderId }, 'confirmed')
    const [first, ...rest] = await timeline({ token, orderId })
    const watched = watch(token, orderId, first?.id)
    await until('the rest is told', () => (watched.entries.length >= rest.length ? true : undefined))
    expect(watched.entries.slice(0, rest.length)).toEqual(rest)
    watched.stop()
  })

  test('resumes by itself when the gateway dies, with nothing lost and nothing twice', async () => {
    const { shopper, orderId, token } = await order()
    const watched = watch(token, orderId)
    await until('the first entry is told', () => watched.entries[0])
    await stack.processes.get('gateway').kill()
    await until('the gateway is back', async () =>
      (await fetch(`${stack.gatewayUrl}/readyz`)).ok ? true : undefined,
    )
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token, orderId }, 'confirmed')
    await fulfil(stack, orderId)
    await watched.ended
    expect(orderMoves(watched.entries)).toEqual(moves)
    expect(new Set(watched.entries.map(({ id }) => id)).size).toBe(watched.entries.length)
    expect(watched.states).toContain('connecting')
  })
})

describe('GET /v1/orders/{orderId}/events', () => {
  test('tells the timeline as server-sent events and resumes by Last-Event-ID', async () => {
    const { shopper, orderId, token } = await order()
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token, orderId }, 'confirmed')
    const all = await timeline({ token, orderId })
    const url = `${stack.gatewayUrl}/v1/orders/${orderId}/events`
    const headers = { authorization: `Bearer ${token}` }
    const first = await readEvents(url, { headers, count: 2 })
    expect(first.contentType).toStartWith('text/event-stream')
    expect(first.events.map(({ data }) => data)).toEqual(all.slice(0, 2))
    expect(first.events.map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id))
    const resumed = { ...headers, 'last-event-id': first.events[1]?.id ?? '' }
    const second = await readEvents(url, { headers: resumed, count: 1 })
    expect(second.events.map(({ data }) => data)).toEqual(all.slice(2, 3))
  })

  test('ends with the order', async () => {
    const { shopper, orderId, token } = await order()
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { token, orderId }, 'confirmed')
    await fulfil(stack, orderId)
    const { events } = await readEvents(`${stack.gatewayUrl}/v1/orders/${orderId}/events`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(orderMoves(events.map(({ data }) => data as Entry))).toEqual(moves)
  })

  test('of another’s order does not exist', async () => {
    const { orderId } = await order()
    const { token } = await enter(stack.shop)
    const response = await fetch(`${stack.gatewayUrl}/v1/orders/${orderId}/events`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await response.json()).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' })
    expect(response.status).toBe(404)
  })
})
