import { afterAll, beforeAll, expect, test } from 'bun:test'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import { createTokenIssuer, createTokenKeys } from '@comptoir/service-kit/actor-token'
import { createClient, type Client } from '@comptoir/service-kit/client'
import { startRegistry, type Registry } from '@comptoir/service-kit/discovery'
import { createLogger } from '@comptoir/service-kit/logger'
import { connectNats } from '@comptoir/service-kit/nats'
import type { NatsConnection } from '@nats-io/transport-node'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { gather } from './crowd.ts'

const anybody = { kind: 'anonymous' as const, id: 'anonymous', scopes: [] }
const names = ['catalog', 'catalog-2', 'catalog-3'] as const
const kills = 6

let stack: TestStack
let nats: NatsConnection
let registry: Registry
let client: Client<typeof catalog>
/** The addresses that were asked since it was emptied. */
let asked: string[] = []

beforeAll(async () => {
  stack = await startTestStack({ scale: { catalog: 3 } })
  nats = await connectNats(stack.natsUrl, 'test')
  const keys = await createTokenKeys(`gateway.${crypto.randomUUID()}`)
  const self = { id: keys.kid, service: 'gateway', url: 'http://127.0.0.1:1', publicJwk: keys.publicJwk }
  registry = await startRegistry({ nats, self, fixedUrls: new Map(), log: createLogger('test', 'silent') })
  const pick = (service: string) => {
    const target = registry.pick(service)
    if (target !== undefined) asked.push(target.url)
    return target
  }
  client = createClient(
    { self: 'gateway', issueToken: createTokenIssuer('gateway', keys), pick },
    'catalog',
    catalog,
  )
}, 60_000)

afterAll(async () => {
  await registry?.stop()
  await nats?.close()
  await stack?.stop()
}, 60_000)

const read = async () => {
  // How long a read takes is not the point here: the machine may be busy with starting what was killed.
  const { items } = await client.listProducts({ limit: 10 }, { actor: anybody, timeoutMs: 15_000 })
  expect(items.length).toBeGreaterThan(0)
}
const askedNow = async (): Promise<Set<string>> => {
  asked = []
  await Promise.all(Array.from({ length: 60 }, read))
  return new Set(asked)
}

test('all instances of a service are called', async () => {
  expect((await askedNow()).size).toBe(names.length)
})

test('instances are killed again and again under reads, and no read fails', async () => {
  const crowd = gather(6, read)
  for (let kill = 0; kill < kills && !crowd.failed.aborted; kill += 1) {
    await stack.processes.get(names[kill % names.length] ?? 'catalog').kill()
    const served = crowd.served()
    await until('reads go on', () =>
      crowd.served() > served + 50 || crowd.failed.aborted ? true : undefined,
    )
    await until('the killed one is called again', async () => (await askedNow()).size === 3 || undefined)
  }
  expect(await crowd.leave(), stack.complaints()).toEqual([])
}, 60_000)

test('an instance that stops in order costs no call of any kind, and is called again when it is back', async () => {
  const crowd = gather(6, read)
  const leaving = stack.processes.get('catalog-3')
  const before = await askedNow()
  await leaving.stop()
  const without = await askedNow()
  leaving.start()
  const back = await until('it is called again', async () => {
    const now = await askedNow()
    return now.size === names.length ? now : undefined
  })
  expect([before.size, without.size, back.size]).toEqual([3, 2, 3])
  expect(await crowd.leave(), stack.complaints()).toEqual([])
}, 60_000)
