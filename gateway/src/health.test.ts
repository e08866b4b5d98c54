import { afterAll, expect, test } from 'bun:test'
import { edgeHealth } from './health.ts'

let ready = true
let asked = 0
let failed = 0
const service = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async ({ url }) => {
    asked += 1
    if (url.includes('slow')) await Bun.sleep(1_500)
    return new Response(null, { status: ready ? 200 : 503 })
  },
})
afterAll(() => service.stop(true))

const state = { draining: false, connected: true, known: true }
const target = (path = '') => ({
  url: `${service.url.origin}${path}`,
  release: () => undefined,
  failed: () => (failed += 1),
  answered: () => false,
})
const fresh = (path?: string) =>
  edgeHealth({
    services: ['orders'],
    pick: () => (state.known ? target(path) : undefined),
    draining: () => state.draining,
    connection: () => (state.connected ? 'ok' : 'degraded'),
  })
const told = async (changes: Partial<typeof state> & { ready?: boolean } = {}) => {
  Object.assign(state, { draining: false, connected: true, known: true }, changes)
  ready = changes.ready ?? true
  return fresh()()
}

test('is ready when every service is', async () => {
  expect(await told()).toEqual({ status: 'ready', checks: { serving: 'ok', nats: 'ok', orders: 'ok' } })
})

test('names the service that is not ready or not known, and serves on without it', async () => {
  expect(await told({ ready: false })).toMatchObject({ status: 'degraded', checks: { orders: 'down' } })
  expect(await told({ known: false })).toMatchObject({ status: 'degraded', checks: { orders: 'down' } })
})

test('is unready while it drains, and serves on while NATS is away', async () => {
  expect((await told({ draining: true })).status).toBe('unready')
  expect((await told({ connected: false })).status).toBe('degraded')
})

test('asks each service once for all who ask at the same time', async () => {
  Object.assign(state, { draining: false, connected: true, known: true })
  const health = fresh()
  asked = 0
  await Promise.all(Array.from({ length: 50 }, () => health()))
  expect(asked).toBe(1)
})

test('does not give up a service that is slow to say how it is', async () => {
  Object.assign(state, { draining: false, connected: true, known: true })
  failed = 0
  expect(await fresh('/slow')()).toMatchObject({ status: 'degraded', checks: { orders: 'down' } })
  expect(failed).toBe(0)
})

test('a service is down only where another instance refuses too', async () => {
  Object.assign(state, { draining: false, connected: true, known: true })
  ready = true
  const gone = { ...target(), url: 'http://127.0.0.1:1' }
  const offering = (targets: ReturnType<typeof target>[]) =>
    edgeHealth({
      services: ['orders'],
      pick: () => targets.shift(),
      draining: () => false,
      connection: () => 'ok',
    })
  failed = 0
  expect(await offering([gone, target()])()).toMatchObject({ checks: { orders: 'ok' } })
  expect(failed).toBe(1)
  expect(await offering([gone, gone, target()])()).toMatchObject({ checks: { orders: 'down' } })
})
