import { afterAll, expect, test } from 'bun:test'
import { edgeHealth } from './health.ts'

let ready = true
const service = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => new Response(null, { status: ready ? 200 : 503 }),
})
afterAll(() => service.stop(true))

const state = { draining: false, connected: true, known: true }
const health = edgeHealth({
  services: ['orders'],
  pick: () =>
    state.known ? { url: service.url.origin, release: () => undefined, failed: () => undefined } : undefined,
  draining: () => state.draining,
  connection: () => (state.connected ? 'ok' : 'degraded'),
})
const told = async (changes: Partial<typeof state> & { ready?: boolean } = {}) => {
  Object.assign(state, { draining: false, connected: true, known: true }, changes)
  ready = changes.ready ?? true
  return health()
}

test('is ready when every service is', async () => {
  expect(await told()).toEqual({ status: 'ready', checks: { serving: 'ok', nats: 'ok', orders: 'ok' } })
})

test('names the service that is not ready or not known', async () => {
  expect(await told({ ready: false })).toMatchObject({ status: 'unready', checks: { orders: 'down' } })
  expect(await told({ known: false })).toMatchObject({ status: 'unready', checks: { orders: 'down' } })
})

test('is unready while it drains, and serves on while NATS is away', async () => {
  expect((await told({ draining: true })).status).toBe('unready')
  expect((await told({ connected: false })).status).toBe('degraded')
})
