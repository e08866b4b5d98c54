import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { query } from '@comptoir/contracts/contract'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { createTokenIssuer, createTokenKeys } from '../src/actor-token.ts'
import { createClient } from '../src/client.ts'
import { KitConfig } from '../src/config.ts'
import { startRegistry, type Registry } from '../src/discovery.ts'
import { connectNats } from '../src/nats.ts'
import { defineService, type RunningService } from '../src/service.ts'
import { startService } from '../src/starting/start-service.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { startTestNats, type TestNats } from '../src/testing/nats.ts'
import { migrations, until } from './fixture/stack.ts'
import { silent } from './fixture/silent.ts'

const shopper: Actor = { kind: 'guest', id: crypto.randomUUID(), scopes: [] }
const samples = {
  who: query({
    summary: 'Which instance answers',
    access: 'public',
    input: z.strictObject({ slowly: z.boolean() }),
    output: z.object({ name: z.string() }),
  }),
}

let database: TestDatabase
let nats: TestNats
let nc: NatsConnection
const registries: Registry[] = []
const running: RunningService<unknown>[] = []
/** Lets the slow calls answer. */
let release = (): void => undefined
/** How many of them there are. */
let held = 0

beforeAll(async () => {
  ;[database, nats] = await Promise.all([createTestDatabase('samples', migrations), startTestNats()])
  nc = await connectNats(nats.url, 'test')
})
afterEach(async () => {
  release()
  await Promise.all(running.splice(0).map((service) => service.stop()))
  await Promise.all(registries.splice(0).map((registry) => registry.stop()))
})
afterAll(async () => {
  await nc.close()
  await nats.stop()
  await database.drop()
})

/** An instance of the service, which says its name. */
const start = async (name: string, drainMs = 0, natsUrl = nats.url) => {
  const { promise: released, resolve } = Promise.withResolvers<void>()
  release = resolve
  const definition = defineService({
    name: 'samples',
    contract: samples,
    migrations,
    context: (base) => base,
    procedures: {
      who: async ({ input }) => {
        if (input.slowly) {
          held += 1
          await released
          held -= 1
        }
        return { name }
      },
    },
  })
  const given = { DATABASE_URL: database.url, NATS_URL: natsUrl, LOG_LEVEL: 'silent', DRAIN_MS: drainMs }
  const service = await startService(definition, KitConfig.parse(given))
  running.push(service)
  return service
}

/** Where the gateway stands. */
const edge = async (fixedUrls = new Map<string, string>()) => {
  const keys = await createTokenKeys(`gateway.${crypto.randomUUID()}`)
  const self = { id: keys.kid, service: 'gateway', url: 'http://127.0.0.1:1', publicJwk: keys.publicJwk }
  const registry = await startRegistry({ nats: nc, self, fixedUrls, log: silent })
  registries.push(registry)
  const hop = { self: 'gateway', issueToken: createTokenIssuer('gateway', keys), pick: registry.pick }
  const { who } = createClient(hop, 'samples', samples)
  const ask = async (slowly = false) => (await who({ slowly }, { actor: shopper })).name
  const askedOf = async (calls = 40) => new Set(await Promise.all(Array.from({ length: calls }, () => ask())))
  return { ask, askedOf }
}

const report = async (url: string, path = '/readyz') => {
  const response = await fetch(`${url}${path}`, { keepalive: false })
  return {
    status: response.status,
    text: await response.text(),
    connection: response.headers.get('connection'),
  }
}

test('an instance that comes gets its share of the calls', async () => {
  await start('one')
  const { askedOf } = await edge()
  expect(await askedOf()).toEqual(new Set(['one']))
  await start('two')
  await until(async () => (await askedOf()).has('two'))
  expect(await askedOf()).toEqual(new Set(['one', 'two']))
})

test('an instance that leaves is unready at once, gets no new calls, and finishes those it has', async () => {
  const one = await start('one', 1_500)
  const { ask, askedOf } = await edge()
  const slow = ask(true)
  await until(() => held === 1)
  const finishSlow = release
  await start('two')
  await until(async () => (await askedOf()).has('two'))

  const stopped = one.stop()
  running.splice(running.indexOf(one), 1)
  expect(await report(one.url)).toMatchObject({ status: 503, connection: 'close' })
  expect((await report(one.url, '/livez')).status).toBe(200)
  await until(async () => !(await askedOf()).has('one'))
  expect(await askedOf(100)).toEqual(new Set(['two']))
  // It would still have taken them.
  expect((await report(one.url, '/livez')).status).toBe(200)
  finishSlow()
  expect(await slow).toBe('one')
  await stopped
  expect(await report(one.url).catch(() => 'gone')).toBe('gone')
})

test('a fixed address is the only one that is called', async () => {
  const fixed = await start('fixed')
  await start('other')
  const { askedOf } = await edge(new Map([['samples', fixed.url]]))
  expect(await askedOf()).toEqual(new Set(['fixed']))
})

test('a service without NATS is started, alive, and ready but degraded', async () => {
  const service = start('alone', 0, 'nats://127.0.0.1:1')
  // It waits some seconds for NATS before it calls itself started, and answers meanwhile.
  const { url } = await service
  expect(await report(url, '/startupz')).toMatchObject({ status: 200, text: 'ok' })
  expect(await report(url, '/healthz')).toMatchObject({ status: 200, connection: null })
  const { status, text } = await report(url)
  expect(status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({ status: 'degraded', checks: { nats: 'degraded', database: 'ok' } })
}, 30_000)
