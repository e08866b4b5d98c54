import { afterAll, afterEach, beforeEach, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'
import { until } from './until.ts'
import { startReceiver } from './webhook-receiver.ts'

const receiver = startReceiver()
let sandbox: UnderTest
beforeEach(() => {
  receiver.received.length = 0
  sandbox = startUnderTest({ GATEWAY_URL: receiver.url })
})
afterEach(() => sandbox.stop())
afterAll(() => receiver.stop())

const recipient = {
  name: 'Anna Smith',
  line1: '1 High Street',
  city: 'Leeds',
  postalCode: 'LS1 1AA',
  country: 'GB',
}
const ask = (
  path: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(`${sandbox.url}/carrier/v1/${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${sandbox.config.CARRIER_API_KEY}`,
      'content-type': 'application/json',
      ...init.headers,
    },
  })
const buy = (reference: string, rest: Record<string, unknown> = {}, key?: string): Promise<Response> =>
  ask('labels', {
    method: 'POST',
    body: JSON.stringify({ reference, recipient, ...rest }),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  })
const trackingNumberOf = async (answer: Response): Promise<string> => (await answer.json()).trackingNumber
const advance = (trackingNumber: string, to?: string): Promise<Response> =>
  sandbox.post(`/sandbox/carrier/${trackingNumber}/advance`, to === undefined ? {} : { to })

test('one reference buys one label, whatever is dropped or repeated', async () => {
  await sandbox.post('/sandbox/faults', {
    provider: 'carrier',
    operation: 'labels.create',
    dropAnswer: true,
    times: 1,
  })
  expect(buy('s-1', {}, 'k')).rejects.toThrow()
  const again = await until('the label', async () => {
    const answer = await buy('s-1', {}, 'k')
    return answer.status === 200 ? answer : undefined
  })
  const label = await again.json()
  expect(label).toMatchObject({ reference: 's-1', status: 'active', service: 'standard' })
  expect(label.trackingNumber).toMatch(/^CX\d{9}GB$/)
  expect(await (await ask('labels/s-1')).json()).toEqual(label)
  expect((await buy('s-1', { service: 'express' })).status).toBe(409)
  expect((await buy('s-2', {}, 'k')).status).toBe(409)
  expect((await sandbox.ledger('carrier'))['labels']).toHaveLength(1)
  expect(await (await fetch(label.labelUrl)).text()).toContain('Anna Smith')
})

test('a parcel advances step by step, and each step is told, signed', async () => {
  const trackingNumber = await trackingNumberOf(await buy('s-1'))
  expect((await advance(trackingNumber, 'delivered')).status).toBe(200)
  await until('five tracking events', () => (receiver.received.length >= 5 ? true : undefined))
  const shipment = await (await ask(`shipments/${trackingNumber}`)).json()
  const told: string[] = shipment.events.map((event: { status: string }) => event.status)
  expect(told).toEqual(['label_created', 'collected', 'in_transit', 'out_for_delivery', 'delivered'])
  const key = Buffer.from(sandbox.config.CARRIER_WEBHOOK_SECRET.slice('whsec_'.length), 'base64')
  for (const { body, headers, path } of receiver.received) {
    const id = headers.get('webhook-id')
    const signed = `${id}.${headers.get('webhook-timestamp')}.${body}`
    expect(path).toBe('/webhooks/carrier')
    expect(headers.get('webhook-signature')).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    )
    expect(JSON.parse(body)).toMatchObject({ id, trackingNumber, reference: 's-1', type: 'shipment.tracked' })
  }
  expect((await advance(trackingNumber)).status).toBe(409)
})

test('a failed delivery may be tried again or sent back', async () => {
  const one = await trackingNumberOf(await buy('s-1'))
  await advance(one, 'failed')
  expect(await (await advance(one, 'delivered')).json()).toMatchObject({
    status: 'delivered',
    events: [{}, {}],
  })
  const two = await trackingNumberOf(await buy('s-2'))
  expect(await (await advance(two, 'returned')).json()).toMatchObject({ status: 'returned' })
})

test('a label is voided until the parcel is collected', async () => {
  await buy('s-1')
  expect(await (await ask('labels/s-1', { method: 'DELETE' })).json()).toMatchObject({ status: 'voided' })
  expect((await ask('labels/s-1', { method: 'DELETE' })).status).toBe(200)
  expect((await buy('s-1')).status).toBe(409)
  await advance(await trackingNumberOf(await buy('s-2')), 'collected')
  expect((await ask('labels/s-2', { method: 'DELETE' })).status).toBe(409)
})

test('parcels move by themselves where asked', async () => {
  await sandbox.stop()
  sandbox = startUnderTest({ CARRIER_AUTO_ADVANCE_MS: '30' })
  const trackingNumber = await trackingNumberOf(await buy('s-1'))
  await until('the delivery', async () => {
    const shipment = await (await ask(`shipments/${trackingNumber}`)).json()
    return shipment.status === 'delivered' ? true : undefined
  })
})

test('faulty requests are named', async () => {
  expect((await ask('labels', { method: 'POST', body: '{' })).status).toBe(400)
  expect(await (await buy('s-1', { recipient: {} })).json()).toMatchObject({
    error: { code: 'invalid_request' },
  })
  expect((await ask('labels/none')).status).toBe(404)
  expect((await ask('labels', { headers: { authorization: 'Bearer x' } })).status).toBe(401)
})
