// One purchase through the whole house, by every face that a client may use.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { folderOf, serviceNames } from '@comptoir/dev/process-list'
import { restShop } from '@comptoir/dev/demo/rest-shop'
import { mailsTo, textsTo } from '@comptoir/dev/demo/sandbox'
import type { Shop } from '@comptoir/dev/demo/shop'
import { Glob } from 'bun'
import { openDatabases } from '../stack/databases.ts'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { awaitStatus, enter, fillCart, fulfil, pay, place, type Order } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { linkShop, links } from './link-shop.ts'

const walked = ['received', 'confirmed', 'prepared', 'shipped', 'delivered']

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack({ fromNothing: true })
})
afterAll(() => stack?.stop())

test('the services of a shop that begins on an empty disk have made and migrated their own databases', async () => {
  await using databases = openDatabases(stack.databaseUrl)
  for (const name of serviceNames) {
    const files = [...new Glob('*.sql').scanSync(join(folderOf(name), 'migrations'))]
    const [applied] = await databases[name]<{ count: number }[]>`
      select count(*)::int as count from drizzle.__drizzle_migrations`
    expect([name, applied?.count]).toEqual([name, files.length])
  }
})

const faces: readonly (readonly [string, (gatewayUrl: string) => Shop])[] = [
  ['REST', restShop],
  ...Object.entries(links).map(([name, link]) => [name, (url: string) => linkShop(link(url))] as const),
]

describe.each(faces)('a purchase over %s', (_face, shopAt) => {
  test('is received, confirmed, prepared, shipped and delivered, each with one row, one event and one e-mail', async () => {
    const shop = shopAt(stack.gatewayUrl)
    const counter = { ...stack, shop }
    const shopper = await enter(shop)
    const [product] = stack.products
    if (product === undefined) throw new Error('There is nothing to buy')
    const cart = await fillCart(shop, shopper, [{ product, quantity: 2 }])
    expect(cart.problems).toEqual([])
    const received = await place(shop, shopper)
    expect(received).toMatchObject({ status: 'received', paymentStatus: 'unpaid', totals: cart.totals })
    const about = { token: shopper.token, orderId: received.id }
    await pay(counter, shopper, received.id)
    expect(await awaitStatus(counter, about, 'confirmed')).toMatchObject({ paymentStatus: 'paid' })
    expect(await fulfil(counter, received.id)).toMatchObject({ deliveryStatus: 'delivered' })

    const { items } = await shop('orders', 'getTimeline', { orderId: received.id }, about)
    const moves = items.filter(({ kind }) => kind === 'order')
    expect(moves.map(({ status }) => status)).toEqual(walked)
    expect(await eventsOf(received)).toEqual(walked)
    const mails = await told(() => mailsTo(stack.sandboxUrl, shopper.contact.email), 5)
    expect(new Set(mails.map(({ subject }) => subject)).size).toBe(5)
    await told(() => textsTo(stack.sandboxUrl, shopper.contact.phone), 2)
  })
})

test('afterwards every book is right: units, money, history, events and messages', async () => {
  expect(await breachesAtRest(stack)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
})

/** What was told of an order, in the order of its versions. */
const eventsOf = async ({ id }: Order): Promise<string[]> => {
  await using databases = openDatabases(stack.databaseUrl)
  const told = await databases.orders<{ event: string }[]>`
    select split_part(subject, '.', 3) as event from outbox where aggregate_id = ${id} order by aggregate_version`
  return told.map(({ event }) => event)
}

const told = async <T>(ask: () => Promise<T[]>, count: number): Promise<T[]> => {
  const all = await until(`${count} messages are sent`, async () => {
    const sent = await ask()
    return sent.length >= count ? sent : undefined
  })
  expect(all).toHaveLength(count)
  return all
}
