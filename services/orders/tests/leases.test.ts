import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import { orderConfirmed } from '@comptoir/contracts/orders/events'
import { guestActor } from '@comptoir/service-kit/testing/actors'
import { attentions } from '../src/domain/attention.ts'
import { gate, refusal } from './fake-shop.ts'
import { paymentNews } from './heard-events.ts'
import { codeOf, newKey, startOrders } from './orders-under-test.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders({ steps: 'by hand' })
})
afterAll(() => world.service.stop())
beforeEach(() => {
  world.shop.commit = async () => {}
  world.shop.capture = async () => {}
})

const authorised = async () => {
  const placed = await world.place(guestActor())
  await world.service.publish(paymentNews(placed.order, 'authorized'))
  await world.until(placed.order.id, 'payment authorized')
  return placed
}
const step = async (orderId: OrderId, name: string) => {
  const [row] = await world.service.sql`
    select state, tries, error, lease_owner, run_at > now() as later
    from order_steps where order_id = ${orderId} and name = ${name}`
  return row
}
const makeDue = (orderId: OrderId) => world.service.sql`
  update order_steps set run_at = now(), lease_until = now() where order_id = ${orderId} and run_at is not null
    and name <> 'authorise-payment'`

test('a worker that wakes after its lease was taken over writes nothing', async () => {
  const { shop, runDueSteps } = world
  const { order } = await authorised()
  const slow = gate()
  let calls = 0
  shop.commit = async () => {
    calls += 1
    if (calls > 1) return
    await slow.pass()
    throw refusal('OUT_OF_STOCK', 409)
  }
  const first = runDueSteps()
  await slow.entered
  await makeDue(order.id)
  await runDueSteps()
  expect(await step(order.id, 'commit-stock')).toMatchObject({ state: 'done', tries: 2 })
  slow.open()
  await first
  expect(calls).toBe(2)
  expect(await step(order.id, 'commit-stock')).toMatchObject({ state: 'done', tries: 2, lease_owner: null })
  expect(await world.story(order.id)).toEqual(['order received', 'payment authorized'])
})

test('a worker that wakes after its lease was taken over does not put the step back either', async () => {
  const { shop, runDueSteps } = world
  const { order } = await authorised()
  const slow = gate()
  let calls = 0
  shop.commit = async () => {
    calls += 1
    if (calls > 1) return
    await slow.pass()
    throw refusal('UNAVAILABLE', 503)
  }
  const first = runDueSteps()
  await slow.entered
  await makeDue(order.id)
  await runDueSteps()
  slow.open()
  await first
  expect(await step(order.id, 'commit-stock')).toMatchObject({ state: 'done', error: null })
})

test('a service that is away has the step tried again, and nobody is called', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await authorised()
  shop.commit = async () => Promise.reject(refusal('UNAVAILABLE', 503))
  await runDueSteps()
  expect(await step(order.id, 'commit-stock')).toMatchObject({
    state: 'ready',
    error: 'UNAVAILABLE',
    later: true,
  })
  expect(await service.as(actor).getOrder({ orderId: order.id })).toMatchObject({ attention: null })
})

test('a step that fails for too long calls a person, goes on, and the confirmation puts the worry to rest', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await authorised()
  shop.capture = async () => Promise.reject(refusal('PROVIDER_UNAVAILABLE', 503))
  await runDueSteps()
  await service.sql`update order_steps set deadline_at = now() where order_id = ${order.id} and name = 'capture-payment'`
  await makeDue(order.id)
  await runDueSteps()
  const see = () => service.as(actor).getOrder({ orderId: order.id })
  expect(await see()).toMatchObject({ status: 'received', attention: attentions.moneyNotTaken })
  shop.capture = async () => {}
  await makeDue(order.id)
  await runDueSteps()
  await service.publish(paymentNews(order, 'captured'))
  await service.probe.next(orderConfirmed, ({ aggregateId }) => aggregateId === order.id)
  expect(await see()).toMatchObject({ status: 'confirmed', attention: null })
})

test('money that was taken but never heard of keeps the capture open, and calls a person after a while', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await authorised()
  await runDueSteps()
  const see = () => service.as(actor).getOrder({ orderId: order.id })
  const asked = () => shop.captures.filter((id) => id === order.id).length
  expect(await step(order.id, 'capture-payment')).toMatchObject({ state: 'ready', error: null, later: true })
  await runDueSteps()
  expect(asked()).toBe(1)
  await service.sql`update order_steps set deadline_at = now() where order_id = ${order.id} and name = 'capture-payment'`
  await makeDue(order.id)
  await runDueSteps()
  expect(asked()).toBe(2)
  expect(await see()).toMatchObject({ status: 'received', attention: attentions.moneyNotTaken })
  await service.publish(paymentNews(order, 'captured'))
  await service.probe.next(orderConfirmed, ({ aggregateId }) => aggregateId === order.id)
  expect(await see()).toMatchObject({ status: 'confirmed', attention: null })
  expect(await step(order.id, 'capture-payment')).toMatchObject({ state: 'done' })
})

test('a refusal that no repeating will change calls a person at once', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await authorised()
  shop.capture = async () => Promise.reject(refusal('PAYMENT_NOT_CAPTURABLE', 409))
  await runDueSteps()
  expect(await step(order.id, 'capture-payment')).toMatchObject({
    state: 'ready',
    error: 'PAYMENT_NOT_CAPTURABLE',
  })
  expect(await service.as(actor).getOrder({ orderId: order.id })).toMatchObject({
    attention: attentions.moneyNotTaken,
  })
})

test('a cancellation whose process died after asking delivery is finished by another', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await world.place()
  await service.publish(paymentNews(order, 'captured'))
  await world.until(order.id, 'payment paid')
  await runDueSteps()
  shop.cancelShipment = async () => Promise.reject(refusal('UNAVAILABLE', 503))
  await expect(service.as(actor).cancelOrder({ orderId: order.id })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  shop.cancelShipment = async () => true
  await makeDue(order.id)
  await runDueSteps()
  expect(await service.as(actor).getOrder({ orderId: order.id })).toMatchObject({
    status: 'cancelled',
    cancelReason: 'customer',
    attention: null,
  })
  expect(await step(order.id, 'cancel-order')).toMatchObject({ state: 'done', tries: 2 })
})

test('a cancellation that another process finished is answered when it is asked for again with its key', async () => {
  const { shop, service, runDueSteps } = world
  const { order, actor } = await world.place()
  await service.publish(paymentNews(order, 'captured'))
  await world.until(order.id, 'payment paid')
  await runDueSteps()
  const key = { idempotencyKey: newKey() }
  const cancel = (options = {}) => codeOf(service.as(actor).cancelOrder({ orderId: order.id }, options))
  shop.cancelShipment = async () => Promise.reject(refusal('UNAVAILABLE', 503))
  expect(await cancel(key)).toBe('UNAVAILABLE')
  shop.cancelShipment = async () => true
  await makeDue(order.id)
  await runDueSteps()
  expect(await service.as(actor).cancelOrder({ orderId: order.id }, key)).toMatchObject({
    status: 'cancelled',
    cancelReason: 'customer',
  })
  expect(await cancel({ idempotencyKey: newKey() })).toBe('ORDER_NOT_CANCELLABLE')
  expect(await cancel()).toBe('ORDER_NOT_CANCELLABLE')
})

test('a deadline that passes while the payment arrives changes nothing', async () => {
  const { service, runDueSteps } = world
  const { order, actor } = await authorised()
  await service.sql`update order_steps set deadline_at = now() where order_id = ${order.id}`
  await runDueSteps()
  expect(await step(order.id, 'authorise-payment')).toMatchObject({ state: 'done', tries: 0 })
  expect(await service.as(actor).getOrder({ orderId: order.id })).toMatchObject({ status: 'received' })
})
