// The gateway before several instances of the catalogue, of which one is sick, and another comes later.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createTokenKeys } from '@comptoir/service-kit/actor-token'
import { readConfig } from '@comptoir/service-kit/config'
import { startRegistry, type Registry } from '@comptoir/service-kit/discovery'
import { createLogger } from '@comptoir/service-kit/logger'
import { connectNats } from '@comptoir/service-kit/nats'
import { startTestNats, type TestNats } from '@comptoir/service-kit/testing/nats'
import { Config } from '../src/config.ts'
import { startGateway, type Gateway } from '../src/start.ts'

const lanes = 6

let nats: TestNats
let connection: Awaited<ReturnType<typeof connectNats>>
let gateway: Gateway
const stops: (() => Promise<unknown>)[] = []

/** An instance of the catalogue that answers whatever it is asked, as long as it is well. */
const startInstance = async () => {
  const state = { asked: 0, isWell: true }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () => {
      state.asked += 1
      return state.isWell
        ? Response.json({ result: { data: {} } })
        : new Response('Internal Server Error', { status: 500 })
    },
  })
  const { kid: id, publicJwk } = await createTokenKeys(`catalog.${crypto.randomUUID()}`)
  const self = { id, service: 'catalog', url: server.url.origin, publicJwk }
  const log = createLogger('test', 'silent')
  const registry: Registry = await startRegistry({ nats: connection, self, fixedUrls: new Map(), log })
  stops.push(async () => {
    await registry.stop()
    await server.stop(true)
  })
  return state
}

beforeAll(async () => {
  nats = await startTestNats()
  connection = await connectNats(nats.url, 'test')
  const env = { NATS_URL: nats.url, PORT: '0', DRAIN_MS: '0', LOG_LEVEL: 'silent', RATE_LIMIT_SCALE: '10000' }
  gateway = await startGateway(readConfig(Config, env))
})
afterAll(async () => {
  await gateway?.stop()
  for (const stop of stops) await stop()
  await connection?.close()
  await nats?.stop()
})

let products = 0
/** Each asks for a product of its own, so that nothing kept can answer. */
const read = async (): Promise<number> => {
  const input = encodeURIComponent(JSON.stringify({ productId: `product-${(products += 1)}` }))
  const response = await fetch(`${gateway.url}/trpc/catalog.getProduct?input=${input}`)
  await response.body?.cancel()
  return response.status
}

const readMany = async (count: number): Promise<number[]> => {
  const statuses: number[] = []
  const lane = async () => {
    for (let n = 0; n < count / lanes; n += 1) statuses.push(await read())
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return statuses
}

const readUntil = async (isDone: () => boolean, withinMs: number): Promise<void> => {
  const giveUpAt = performance.now() + withinMs
  while (!isDone()) {
    if (performance.now() > giveUpAt) throw new Error(`It did not come about within ${withinMs} ms`)
    await read()
  }
}

const breakerState = async (): Promise<string | undefined> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  return /^comptoir_breaker_state\{[^}]*service="catalog"[^}]*\} (\d)/m.exec(text)?.[1]
}

test('one sick instance of three costs a handful of answers, the service is not given up, and it comes back', async () => {
  const instances = await Promise.all([startInstance(), startInstance(), startInstance()])
  await readUntil(() => instances.every(({ asked }) => asked > 0), 10_000)
  const [sick] = instances
  sick.isWell = false
  const statuses = await readMany(1_200)
  const failed = statuses.filter((status) => status !== 200)
  expect(new Set(failed)).toEqual(new Set([500]))
  // Three, and what was on its way by then. Where the machine is slow it is tried once more.
  expect(failed.length).toBeLessThanOrEqual(3 + lanes + 2)
  expect(await breakerState()).toBe('0')
  sick.isWell = true
  const { asked } = sick
  await readUntil(() => sick.asked > asked + 50, 30_000)
  expect(new Set(await readMany(60))).toEqual(new Set([200]))
}, 60_000)

test('a new instance is called within a second', async () => {
  const newcomer = await startInstance()
  await readUntil(() => newcomer.asked > 0, 1_000)
})
