import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import {
  orderCancelled,
  orderConfirmed,
  orderDelivered,
  orderShipped,
} from '@comptoir/contracts/orders/events'
import { staffActor } from '@comptoir/service-kit/testing/actors'
import { attentions } from '../src/domain/attention.ts'
import { gate, refusal } from './fake-shop.ts'
import { paymentNews, shipmentNews } from './heard-events.ts'
import { startOrders } from './orders-under-test.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders()
})
afterAll(() => world.service.stop())
beforeEach(() => {
  world.shop.commit = async () => {}
  world.shop.capture = async () => {}
})

const stepsOf = async (orderId: OrderId): Promise<Record<string, string>> => {
  const rows = await world.service.sql`select name, state from order_steps where order_id = ${orderId}`
  return Object.fromEntries(rows.map((row) => [row.name, row.state]))
}
const told = (orderId: OrderId) => (event: { aggregateId: string }) => event.aggregateId === orderId

test('authorised, committed, captured, prepared, dispatched, delivered: one row and one event each', async () => {
  const { service, shop, place, story } = world
  const { order } = await place()
  const captured = gate()
  shop.capture = async () => captured.pass()
  await service.publish(paymentNews(order, 'authorized'))
  await captured.entered
  expect(await stepsOf(order.id)).toMatchObject({ 'commit-stock': 'done', 'capture-payment': 'running' })
  captured.open()
  await service.publish(paymentNews(order, 'captured'))
  await service.probe.next(orderConfirmed, told(order.id))
  await service.as(staffActor()).prepareOrder({ orderId: order.id })
  await service.publish(shipmentNews(order, 'planned'))
  await world.until(order.id, 'delivery planned')
  await service.publish(shipmentNews(order, 'dispatched'))
  await service.probe.next(orderShipped, told(order.id))
  await service.publish(shipmentNews(order, 'delivered'))
  const delivered = await service.probe.next(orderDelivered, told(order.id))
  expect(delivered.version).toBe(5)
  expect(delivered.data).toMatchObject({
    status: 'delivered',
    paymentStatus: 'paid',
    deliveryStatus: 'delivered',
  })
  expect(await story(order.id)).toEqual([
    'order received',
    'payment authorized',
    'payment paid',
    'order confirmed',
    'order prepared',
    'delivery planned',
    'delivery dispatched',
    'order shipped',
    'delivery delivered',
    'order delivered',
  ])
  expect(shop.captures.filter((id) => id === order.id)).toHaveLength(1)
})

test('money that comes first commits the stock and confirms without a capture', async () => {
  const { service, shop, place } = world
  const { order } = await place()
  await service.publish(paymentNews(order, 'captured'))
  await service.probe.next(orderConfirmed, told(order.id))
  expect(shop.captures).not.toContain(order.id)
  expect(Object.values(await stepsOf(order.id))).toEqual(['done', 'done', 'done', 'done'])
})

test('stock that is gone when the money is there cancels the order, for good', async () => {
  for (const code of ['OUT_OF_STOCK', 'RESERVATION_CLOSED']) {
    const { service, shop, place } = world
    shop.commit = async () => Promise.reject(refusal(code, 409))
    const { order } = await place()
    await service.publish(paymentNews(order, code === 'OUT_OF_STOCK' ? 'authorized' : 'captured'))
    const cancelled = await service.probe.next(orderCancelled, told(order.id))
    expect(cancelled.data).toMatchObject({ cancelReason: 'out_of_stock', version: 2 })
    expect(await stepsOf(order.id)).toMatchObject({ 'commit-stock': 'failed' })
    expect(shop.captures).not.toContain(order.id)
  }
})

test('a payment that never comes cancels the order at its deadline', async () => {
  const { service, place, runDueSteps } = world
  const { order } = await place()
  await service.sql`
    update order_steps set run_at = now() - interval '1 second', deadline_at = now() - interval '1 second'
    where order_id = ${order.id} and name = 'authorise-payment'`
  await runDueSteps()
  const cancelled = await service.probe.next(orderCancelled, told(order.id))
  expect(cancelled.data).toMatchObject({ cancelReason: 'payment_timeout', paymentStatus: 'unpaid' })
  expect(await stepsOf(order.id)).toEqual({
    'reserve-stock': 'done',
    'authorise-payment': 'failed',
    'commit-stock': 'skipped',
    'capture-payment': 'skipped',
  })
})

test('money that is withdrawn after it was promised cancels the order, even while its stock is being committed', async () => {
  const { service, shop, place } = world
  const { order } = await place()
  const committing = gate()
  shop.commit = async () => committing.pass()
  await service.publish(paymentNews(order, 'authorized'))
  await committing.entered
  await service.publish(paymentNews(order, 'cancelled'))
  const cancelled = await service.probe.next(orderCancelled, told(order.id))
  committing.open()
  expect(cancelled.data).toMatchObject({ cancelReason: 'payment_failed', paymentStatus: 'unpaid' })
  expect(await stepsOf(order.id)).toMatchObject({ 'commit-stock': 'skipped', 'capture-payment': 'skipped' })
  expect(shop.captures).not.toContain(order.id)
})

test('a decline is shown and the next try goes on', async () => {
  const { service, place, until } = world
  const { order } = await place()
  await service.publish(paymentNews(order, 'failed', 2))
  await until(order.id, 'payment failed')
  await service.publish(paymentNews(order, 'authorized', 3))
  await service.publish(paymentNews(order, 'captured', 4))
  await service.probe.next(orderConfirmed, told(order.id))
})

test('money that is given back is shown, keeps the order from being prepared and calls a person', async () => {
  const { service, place, until } = world
  const { order, actor } = await place()
  await service.publish(paymentNews(order, 'captured'))
  await service.probe.next(orderConfirmed, told(order.id))
  await service.publish(paymentNews(order, 'partly-refunded'))
  await until(order.id, 'payment partially_refunded')
  await service.publish(paymentNews(order, 'refunded'))
  await until(order.id, 'payment refunded')
  expect(await service.as(actor).getOrder({ orderId: order.id })).toMatchObject({
    status: 'confirmed',
    paymentStatus: 'refunded',
    version: 2,
    attention: attentions.moneyGivenBack,
  })
  const prepared = service.as(staffActor()).prepareOrder({ orderId: order.id })
  await expect(prepared).rejects.toMatchObject({
    code: 'ORDER_NOT_PREPARABLE',
    data: { status: 'confirmed' },
  })
})

test('an order that is cancelled while its money is being taken stays cancelled and shows what became of it', async () => {
  const { service, shop, place, until, story } = world
  const { order, actor } = await place()
  const capturing = gate()
  shop.capture = async () => capturing.pass()
  await service.publish(paymentNews(order, 'authorized'))
  await capturing.entered
  await service.as(actor).cancelOrder({ orderId: order.id })
  capturing.open()
  await service.publish(paymentNews(order, 'captured'))
  await until(order.id, 'payment paid')
  await service.publish(paymentNews(order, 'refunded'))
  await until(order.id, 'payment refunded')
  expect(await stepsOf(order.id)).toMatchObject({ 'capture-payment': 'skipped' })
  expect(await story(order.id)).toEqual([
    'order received',
    'payment authorized',
    'order cancelled',
    'payment paid',
    'payment refunded',
  ])
})
