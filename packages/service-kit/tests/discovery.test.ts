import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { provision } from '@comptoir/nats/provision'
import { jetstreamManager } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { createTokenIssuer, createTokenKeys, createTokenVerifier } from '../src/actor-token.ts'
import { startRegistry, type Registry } from '../src/discovery.ts'
import { connectNats } from '../src/nats.ts'
import { startTestNats, type TestNats } from '../src/testing/nats.ts'
import { silent } from './fixture/silent.ts'
import { until } from './fixture/stack.ts'

let nats: TestNats
let nc: NatsConnection
let bucket: KV
const started: Registry[] = []

beforeAll(async () => {
  nats = await startTestNats()
  nc = await connectNats(nats.url, 'test')
  bucket = await new Kvm(nc).open('registry')
})
afterAll(async () => {
  await nc.close()
  await nats.stop()
})
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.stop()
})

const join = async (service: string) => {
  const keys = await createTokenKeys(`${service}.${crypto.randomUUID()}`)
  const self = { id: keys.kid, service, url: `http://127.0.0.1:1/${keys.kid}`, publicJwk: keys.publicJwk }
  const registry = await startRegistry({ nats: nc, self, fixedUrls: new Map(), log: silent })
  started.push(registry)
  return { registry, keys, self, issue: createTokenIssuer(service, keys) }
}
const shopper = () => ({ kind: 'guest' as const, id: crypto.randomUUID(), scopes: [] })

test('an instance that leaves gets no more calls, but the calls it still makes are believed', async () => {
  const leaving = await join('carts')
  const other = await join('orders')
  await until(() => other.registry.pick('carts') !== undefined)
  await leaving.registry.leave()
  await until(() => other.registry.pick('carts') === undefined)
  const verify = createTokenVerifier('orders', other.registry.keyOf)
  expect((await verify(await leaving.issue(shopper(), 'orders'))).caller).toBe('carts')

  const newcomer = await join('orders')
  const verifyToo = createTokenVerifier('orders', newcomer.registry.keyOf)
  expect((await verifyToo(await leaving.issue(shopper(), 'orders'))).caller).toBe('carts')
  expect(newcomer.registry.pick('carts')).toBeUndefined()
})

test('tells of each instance once, when it shows up', async () => {
  const { registry, self } = await join('orders')
  const arrivals: string[] = []
  registry.onArrival((service) => arrivals.push(service))
  const newcomer = await join('carts')
  await until(() => arrivals.length > 0)
  const { service, url, publicJwk } = newcomer.self
  await bucket.put(newcomer.self.id, JSON.stringify({ service, url, publicJwk }))
  await bucket.put(self.id, JSON.stringify({ ...self, leaving: true }))
  await until(() => registry.pick('orders') === undefined)
  expect(arrivals).toEqual(['carts'])
})

test('the last calls of an instance that is gone are believed where it was known', async () => {
  const leaving = await join('payments')
  const other = await join('orders')
  await until(() => other.registry.pick('payments') !== undefined)
  await leaving.registry.leave()
  await leaving.registry.stop()
  await until(async () => (await bucket.get(leaving.keys.kid))?.operation === 'DEL')
  const verify = createTokenVerifier('orders', other.registry.keyOf)
  expect((await verify(await leaving.issue(shopper(), 'orders'))).caller).toBe('payments')
})

test('an entry that names another service than its key is no instance, and its key signs for nobody', async () => {
  const { registry } = await join('orders')
  const impostor = await createTokenKeys(`notifications.${crypto.randomUUID()}`)
  const entry = { service: 'gateway', url: 'http://127.0.0.1:1', publicJwk: impostor.publicJwk }
  await bucket.put(impostor.kid, JSON.stringify(entry))
  const late = await join('carts')
  await until(() => registry.pick('carts') !== undefined)
  expect(registry.pick('gateway')).toBeUndefined()
  const issue = createTokenIssuer('gateway', impostor)
  for (const { keyOf } of [registry, late.registry]) {
    const verifying = createTokenVerifier('orders', keyOf)(await issue(shopper(), 'orders'))
    await expect(verifying).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  }
})

test('names of keys that anybody can invent are looked up a few at a time; the rest may try again', async () => {
  const { registry } = await join('orders')
  const asked = Array.from({ length: 500 }, () => registry.keyOf(`carts.${crypto.randomUUID()}`))
  const outcomes = await Promise.allSettled(asked)
  const lookedUp = outcomes.filter(({ status }) => status === 'fulfilled')
  expect(lookedUp.length).toBeLessThan(100)
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'UNAVAILABLE' },
  })
  expect(await registry.keyOf(`carts.${'a'.repeat(500)}`)).toBeUndefined()
})

test('sees who comes after NATS was killed and came back', async () => {
  const { registry } = await join('orders')
  await nats.kill()
  await nats.restart()
  await until(() =>
    nc.flush().then(
      () => true,
      () => false,
    ),
  )
  await join('delivery')
  await until(() => registry.pick('delivery') !== undefined)
})

test('sees who comes after the bucket was lost', async () => {
  const { registry } = await join('orders')
  const jsm = await jetstreamManager(nc)
  await jsm.streams.delete('KV_registry')
  await provision(nc)
  await join('identity')
  await until(() => registry.pick('identity') !== undefined)
})
