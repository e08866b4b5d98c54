// Somebody who deletes their account is forgotten everywhere, while what was bought and paid stays in the books.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { serviceNames } from '@comptoir/dev/process-list'
import { advanceParcel } from '@comptoir/dev/demo/sandbox'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { openDatabases } from '../stack/databases.ts'
import { breachesAtRest } from '../stack/invariants.ts'
import { patientShop } from '../stack/patient-shop.ts'
import { fillMarked, openMarked, type Person, tablesWith } from '../stack/person.ts'
import { sentMails } from '../stack/provider-ledgers.ts'
import { awaitStatus, dispatch, fulfil, pay, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { erasurePoints } from './crash-points.ts'
import { gather } from './crowd.ts'
import { dieAtEach } from './dying.ts'
import { shortWaits } from './visits.ts'

const forgottenMs = 60_000
let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ env: shortWaits, backoffScale: 0.02, onHand: 100_000 })
}, 60_000)
afterAll(() => stack?.stop(), 60_000)

const product = () => {
  const [first] = stack.products
  if (first === undefined) throw new Error('There is nothing to buy')
  return first
}
const contactOf = (person: Person) => ({ token: person.token, contact: { email: '', phone: '' } })

const buy = async (person: Person, shop = stack.shop) => {
  await fillMarked(shop, person, product())
  const { id: orderId } = await place(shop, contactOf(person))
  return orderId
}
const buyAndPay = async (person: Person) => {
  const orderId = await buy(person)
  await pay(stack, contactOf(person), orderId)
  await awaitStatus(stack, { token: person.token, orderId }, 'confirmed')
  return orderId
}

const forgotten = (marks: readonly string[], ms = forgottenMs) =>
  until(
    'no table says anything of the person',
    async () => {
      await using databases = openDatabases(stack.databaseUrl)
      const hits = await tablesWith(databases, marks)
      if (hits.length > 0) throw new Error(hits.join(', '))
      return true
    },
    ms,
  )

test('somebody who bought, was given it, and has another thing in the cart is forgotten; the books stay', async () => {
  const person = await openMarked(stack.shop)
  const delivered = await buyAndPay(person)
  await fulfil(stack, delivered)
  const cancelled = await buyAndPay(person)
  const idempotencyKey = crypto.randomUUID()
  await stack.shop('orders', 'cancelOrder', { orderId: cancelled }, { token: person.token, idempotencyKey })
  await fillMarked(stack.shop, person, product())
  const before = await stack.shop('orders', 'getOrder', { orderId: delivered }, { token: stack.staffToken })
  await using databases = openDatabases(stack.databaseUrl)
  expect(await tablesWith(databases, person.marks)).not.toEqual([])
  await stack.shop('identity', 'deleteAccount', {}, { token: person.token })
  await forgotten(person.marks)
  const after = await stack.shop('orders', 'getOrder', { orderId: delivered }, { token: stack.staffToken })
  const { contact: _contact, address: _address, ...books } = before
  expect(after).toMatchObject({ ...books, address: { country: 'GB' } })
  expect(await breachesAtRest(stack)).toEqual([])
  for (const mark of person.marks) expect(stack.complaints()).not.toContain(mark)
}, 180_000)

test('an order under way is still told of and delivered, and forgotten after', async () => {
  const person = await openMarked(stack.shop)
  const orderId = await buyAndPay(person)
  await stack.shop('identity', 'deleteAccount', {}, { token: person.token })
  const trackingNumber = await dispatch(stack, orderId)
  await awaitStatus(stack, { token: stack.staffToken, orderId }, 'shipped')
  const [mark = ''] = person.marks
  const { number } = await stack.shop('orders', 'getOrder', { orderId }, { token: stack.staffToken })
  // Received, confirmed, packed, on its way; letters about the account may have been dropped with it.
  const mails = await until('the letter about the parcel is sent', async () => {
    const sent = (await sentMails(stack.sandboxUrl)).filter(
      ({ to, subject }) => to.includes(`${mark}@example.com`) && subject.includes(number),
    )
    return sent.length >= 4 ? sent : undefined
  })
  expect(mails.length).toBe(4)
  await advanceParcel(stack.sandboxUrl, trackingNumber, 'delivered')
  await awaitStatus(stack, { token: stack.staffToken, orderId }, 'delivered')
  await forgotten(person.marks)
}, 180_000)

test('a refund is announced to whoever deletes their account while it is made', async () => {
  const person = await openMarked(stack.shop)
  const orderId = await buyAndPay(person)
  const { number } = await stack.shop('orders', 'getOrder', { orderId }, { token: person.token })
  const idempotencyKey = crypto.randomUUID()
  await stack.shop('orders', 'cancelOrder', { orderId }, { token: person.token, idempotencyKey })
  await stack.shop('identity', 'deleteAccount', {}, { token: person.token })
  await until('the letter about the refund is sent', async () =>
    (await sentMails(stack.sandboxUrl)).find(({ subject }) => subject === `Refund for order ${number}`),
  )
  await forgotten(person.marks)
}, 180_000)

test('no stream of events keeps anything for more than fourteen days', async () => {
  const nc = await connect({ servers: stack.natsUrl })
  try {
    const jsm = await jetstreamManager(nc)
    const ages = await Promise.all(
      serviceNames.map(async (name) => (await jsm.streams.info(name.toUpperCase())).config.max_age),
    )
    const nanosOfDay = 24 * 60 * 60 * 1e9
    for (const age of ages) expect(age > 0 && age <= 14 * nanosOfDay).toBe(true)
  } finally {
    await nc.close()
  }
})

test('wherever a process dies, everybody is forgotten in the end', async () => {
  const shop = patientShop(stack.shop)
  const marks: string[] = []
  const visit = async () => {
    const person = await openMarked(shop)
    marks.push(...person.marks)
    const orderId = await buy(person, shop)
    const idempotencyKey = crypto.randomUUID()
    await shop('orders', 'cancelOrder', { orderId }, { token: person.token, idempotencyKey })
    // A process that died after it had done it cannot say so: the next call meets nobody.
    await shop('identity', 'deleteAccount', {}, { token: person.token }).catch((error: unknown) => {
      if (!String(error).includes('UNAUTHENTICATED')) throw error
    })
  }
  const crowd = gather(3, visit)
  const dying = await Promise.allSettled(
    serviceNames.map((name) =>
      dieAtEach(stack.processes.get(name), {
        points: erasurePoints[name],
        folder: stack.folder,
        signal: crowd.failed,
      }),
    ),
  )
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  expect(dying.filter(({ status }) => status === 'rejected')).toEqual([])
  await forgotten(marks, 150_000)
  expect(await breachesAtRest(stack, 150_000)).toEqual([])
}, 400_000)
