// Somebody takes along all that the shop holds of them, and nothing of anybody else.
import { beforeAll, expect, test } from 'bun:test'
import type { Answer } from '@comptoir/dev/demo/shop'
import { openDatabases } from '../stack/databases.ts'
import { fillMarked, openMarked, type Person, tablesWith } from '../stack/person.ts'
import { awaitStatus, fulfil, pay, place } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
}, 60_000)

/** Where what is exported is held, and by which part of the export it is told. */
const told = {
  'identity public.users': 'account',
  'identity public.addresses': 'account',
  'identity public.email_verifications': 'account',
  'identity public.email_changes': 'account',
  'carts public.carts': 'cart',
  'orders public.orders': 'orders',
  'payments public.payments': 'payments',
  'delivery public.shipments': 'shipments',
  'notifications public.messages': 'messages',
} as const
/** The rest is copies of it: events and answers that the kit keeps for some days. */
const copies = /^\w+ public\.(outbox|inbox|idempotency_keys|dead_letters)$/

const product = () => {
  const [first] = stack.products
  if (first === undefined) throw new Error('There is nothing to buy')
  return first
}

/** An address, letters, an order that was delivered, one that was paid, and a cart that is ready. */
const shopWithEverything = async (person: Person): Promise<void> => {
  const { shop } = stack
  const { token } = person
  const [mark = ''] = person.marks
  const address = { name: mark, line1: mark, city: mark, postalCode: 'SW1Y 4JH', country: 'GB' }
  await shop('identity', 'addAddress', { address }, { token })
  await shop('identity', 'requestEmailVerification', {}, { token })
  await shop('identity', 'requestEmailChange', { email: `new.${mark}@example.com` }, { token })
  await fulfil(stack, await buy(person))
  await buy(person)
  await fillMarked(shop, person, product())
}

const buy = async (person: Person) => {
  const shopper = { token: person.token, contact: { email: '', phone: '' } }
  await fillMarked(stack.shop, person, product())
  const { id: orderId } = await place(stack.shop, shopper)
  await pay(stack, shopper, orderId)
  await awaitStatus(stack, { token: person.token, orderId }, 'confirmed')
  return orderId
}

/** Every page of a list, one item each, so that the cursors are tried. */
const pages = async <T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> => {
  const all: T[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await read(cursor)
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}
const from = (cursor: string | undefined) => ({ limit: 1, ...(cursor === undefined ? {} : { cursor }) })

const messagesOf = async (token: string, orders: Answer<'orders', 'exportOrders'>['items']) => {
  const about = [undefined, ...orders.map(({ id }) => id)]
  const lists = about.map((orderId) =>
    pages((cursor) =>
      stack.shop(
        'notifications',
        'exportMessages',
        { ...from(cursor), ...(orderId === undefined ? {} : { orderId }) },
        { token },
      ),
    ),
  )
  return (await Promise.all(lists)).flat()
}

/** What the README says: these calls, in this order. */
const exportAll = async (token: string) => {
  const { shop } = stack
  const account = await shop('identity', 'exportAccount', {}, { token })
  const cart = await shop('carts', 'getCart', {}, { token })
  const orders = await pages((cursor) => shop('orders', 'exportOrders', from(cursor), { token }))
  const payments = await pages((cursor) => shop('payments', 'exportPayments', from(cursor), { token }))
  const shipments = await pages((cursor) => shop('delivery', 'exportShipments', from(cursor), { token }))
  return { account, cart, orders, payments, shipments, messages: await messagesOf(token, orders) }
}

const marksIn = (value: unknown, { marks }: Person) =>
  marks.filter((mark) => JSON.stringify(value).includes(mark))

test('whoever asks finds in the export all that any table holds of them, and nothing of another', async () => {
  const [person, other] = [await openMarked(stack.shop), await openMarked(stack.shop)]
  await Promise.all([shopWithEverything(person), shopWithEverything(other)])
  const shipped = await until('everything is planned and told', async () => {
    const exported = await exportAll(person.token)
    const sent = exported.messages.filter(({ template }) => template === 'order-confirmed')
    return exported.shipments.length === 2 && sent.length === 2 ? exported : undefined
  })
  expect(shipped).toMatchObject({ orders: [{ status: 'delivered' }, { status: 'confirmed' }] })
  const orderIds = shipped.orders.map(({ id }) => id)
  expect(shipped.payments.map(({ orderId }) => orderId)).toEqual(orderIds)
  expect(shipped.shipments.map(({ orderId }) => orderId)).toEqual(orderIds)
  const purposes = new Set(shipped.account.letters.map(({ purpose }) => purpose))
  expect([...purposes].toSorted()).toEqual(['email-change', 'email-verification'])

  await using databases = openDatabases(stack.databaseUrl)
  const held = (await tablesWith(databases, person.marks)).filter((table) => !copies.test(table))
  expect(held).toEqual(Object.keys(told).toSorted())
  for (const part of new Set(Object.values(told)))
    expect([part, marksIn(shipped[part], person)]).toEqual([part, [...person.marks]])
  expect(marksIn(shipped, other)).toEqual([])
  expect(JSON.stringify(shipped)).not.toContain(other.id)
}, 180_000)

test('a member of the staff takes along nothing of the customers whose orders they may read', async () => {
  const { account, ...rest } = await exportAll(stack.staffToken)
  expect(account.user.email).toBe(stack.admin.email)
  expect([rest.orders, rest.payments, rest.shipments]).toEqual([[], [], []])
  const person = await openMarked(stack.shop)
  const orderId = await buy(person)
  const asked = stack.shop('notifications', 'exportMessages', { orderId }, { token: stack.staffToken })
  await expect(asked).rejects.toMatchObject({ data: { code: 'ORDER_NOT_FOUND' } })
}, 120_000)

test('each export, by whichever service, is one entry of the audit log', async () => {
  const { shop } = stack
  const { id, token } = await openMarked(shop)
  await exportAll(token)
  const entries = await until('the exports are written down', async () => {
    const { items } = await shop('identity', 'listAuditEntries', { actor: id }, { token: stack.staffToken })
    const exported = items.filter(({ action }) => action === 'account.exported')
    return exported.length >= 5 ? exported : undefined
  })
  const held = entries.flatMap(({ facts }) => facts.map(({ name, value }) => `${name} ${value}`))
  const parts = ['account', 'messages', 'orders', 'payments', 'shipments']
  expect(held.toSorted()).toEqual(parts.map((part) => `held ${part}`))
  for (const entry of entries) expect(entry).toMatchObject({ actorKind: 'customer', actorId: id, target: id })
})
