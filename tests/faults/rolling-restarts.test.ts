import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { repository } from '@comptoir/dev/install'
import { manageProcess, type ManagedProcess } from '@comptoir/dev/managed-process'
import { type ServiceName, serviceNames } from '@comptoir/dev/process-list'
import { Kvm, type KV } from '@nats-io/kv'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { awaitStatus, enter, fillCart, pay, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { gather, type Crowd } from './crowd.ts'

/** Long enough for every connection of the crowd to be used once more before its gateway is gone. */
const gatewayDrainMs = '1000'

let stack: TestStack
let nats: NatsConnection
let registry: KV
const gateways: ManagedProcess[] = []

beforeAll(async () => {
  const scale = Object.fromEntries(serviceNames.map((name) => [name, 2])) as Record<ServiceName, number>
  const gateway = { REUSE_PORT: 'true', DRAIN_MS: gatewayDrainMs }
  stack = await startTestStack({ scale, onHand: 100_000, env: { all: { DATABASE_POOL: '5' }, gateway } })
  nats = await connect({ servers: stack.natsUrl })
  registry = await new Kvm(nats).open('registry')
}, 90_000)

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  await nats?.close()
  await stack?.stop()
}, 60_000)

/** Shoppers without patience: whoever is refused anything at all fails the test. */
const shoppers = (): Crowd =>
  gather(3, async (nth) => {
    const product = stack.products[nth % 2]
    if (product === undefined) throw new Error('There is nothing to buy')
    const shopper = await enter(stack.shop)
    await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
    const { id: orderId } = await place(stack.shop, shopper)
    await pay(stack, shopper, orderId)
    await awaitStatus(stack, { orderId, token: shopper.token }, 'confirmed')
  })

/** The instances of a service that want calls. */
const instances = async (service: string): Promise<string[]> => {
  const all: string[] = []
  for await (const key of await registry.keys(`${service}.*`)) {
    const entry = await registry.get(key)
    if (entry?.operation === 'PUT' && entry.json<{ leaving?: boolean }>().leaving !== true) all.push(key)
  }
  return all
}
const anotherOf = (service: string, before: readonly string[]) =>
  until(`another instance of ${service} is there`, async () =>
    (await instances(service)).some((key) => !before.includes(key)) ? true : undefined,
  )
const someServed = (crowd: Crowd) => {
  const served = crowd.served()
  return until('purchases go on', () => crowd.served() >= served + 2 || crowd.failed.aborted || undefined)
}

const restart = async (service: ServiceName): Promise<void> => {
  const before = await instances(service)
  const restarted = stack.processes.get(service)
  const ended = restarted.nextExit()
  await restarted.restart()
  expect([service, await ended]).toEqual([service, 0])
  await anotherOf(service, before)
}

test('one instance of each service after another is restarted under load, and no request fails', async () => {
  const crowd = shoppers()
  await someServed(crowd)
  for (let turn = 0; turn < serviceNames.length && !crowd.failed.aborted; turn += 2)
    await Promise.all(serviceNames.slice(turn, turn + 2).map(restart))
  await someServed(crowd)
  expect(await crowd.leave(), stack.complaints()).toEqual([])
}, 60_000)

// Two processes share a port on Linux only.
test.if(process.platform === 'linux')(
  'one gateway takes over the port from another under load, three times, and no request fails',
  async () => {
    const crowd = shoppers()
    let current = stack.processes.get('gateway')
    for (let turn = 0; turn < 3 && !crowd.failed.aborted; turn += 1) {
      await someServed(crowd)
      const { next, listening } = newGateway(current.env)
      next.start()
      await listening
      const ended = current.nextExit()
      await current.stop()
      expect(await ended).toBe(0)
      current = next
    }
    await someServed(crowd)
    expect(await crowd.leave(), stack.complaints()).toEqual([])
  },
  60_000,
)

const newGateway = (given: Record<string, string>): { next: ManagedProcess; listening: Promise<void> } => {
  const { promise: listening, resolve } = Promise.withResolvers<void>()
  const env = { ...given, LOG_LEVEL: 'info' }
  const spec = { name: 'gateway', program: 'gateway', folder: join(repository, 'gateway'), env } as const
  const onLine = (_: string, line: string) => line.includes('"listening"') && resolve()
  const hooks = { onLine, onStart: () => undefined, onExit: () => undefined }
  const next = manageProcess(spec, hooks)
  gateways.push(next)
  return { next, listening }
}
