// RESTART_ROUNDS repeats the whole: each round restarts seven services and has three gateways take over.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { manageProcess, type ManagedProcess } from '@comptoir/dev/managed-process'
import { folderOf, type ServiceName, serviceNames } from '@comptoir/dev/process-list'
import { createTokenKeys } from '@comptoir/service-kit/actor-token'
import { startRegistry, type Registry } from '@comptoir/service-kit/discovery'
import { createLogger } from '@comptoir/service-kit/logger'
import { connectNats } from '@comptoir/service-kit/nats'
import type { NatsConnection } from '@nats-io/transport-node'
import { awaitStatus, enter, fillCart, pay, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { gather, type Crowd } from './crowd.ts'

/** Long enough for every connection of the crowd to be used once more before its gateway is gone. */
const gatewayDrainMs = '1000'
const rounds = Number(process.env['RESTART_ROUNDS'] ?? 1)
const takeovers = 3 * rounds
const limitMs = 60_000 * rounds

let stack: TestStack
let nats: NatsConnection
let registry: Registry
/** The service of each instance that has come up. */
const arrivals: string[] = []
const gateways: ManagedProcess[] = []

beforeAll(async () => {
  const scale = Object.fromEntries(serviceNames.map((name) => [name, 2])) as Record<ServiceName, number>
  const gateway = { REUSE_PORT: 'true', DRAIN_MS: gatewayDrainMs }
  stack = await startTestStack({ scale, onHand: 100_000, env: { all: { DATABASE_POOL: '5' }, gateway } })
  nats = await connectNats(stack.natsUrl, 'test')
  const keys = await createTokenKeys(`gateway.${crypto.randomUUID()}`)
  const self = { id: keys.kid, service: 'gateway', url: 'http://127.0.0.1:1', publicJwk: keys.publicJwk }
  registry = await startRegistry({ nats, self, fixedUrls: new Map(), log: createLogger('test', 'silent') })
  registry.onArrival((service) => arrivals.push(service))
}, 90_000)

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  await registry?.stop()
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

const arrived = (service: string): number => arrivals.filter((one) => one === service).length
const someServed = (crowd: Crowd) => {
  const served = crowd.served()
  return until('purchases go on', () => crowd.served() >= served + 2 || crowd.failed.aborted || undefined)
}

const restart = async (service: ServiceName, round: number): Promise<void> => {
  const before = arrived(service)
  const restarted = stack.processes.get(round % 2 === 0 ? service : `${service}-2`)
  const ended = restarted.nextExit()
  await restarted.restart()
  expect([service, await ended]).toEqual([service, 0])
  await until(`another instance of ${service} is there`, () => arrived(service) > before || undefined)
}

test(
  'one instance of each service after another is restarted under load, and no request fails',
  async () => {
    const crowd = shoppers()
    await someServed(crowd)
    for (let round = 0; round < rounds; round += 1)
      for (let turn = 0; turn < serviceNames.length && !crowd.failed.aborted; turn += 2)
        await Promise.all(serviceNames.slice(turn, turn + 2).map((service) => restart(service, round)))
    await someServed(crowd)
    expect(await crowd.leave(), stack.complaints()).toEqual([])
    console.log(`${crowd.served()} purchases during ${serviceNames.length * rounds} restarts of services`)
  },
  limitMs,
)

// Two processes share a port on Linux only.
test.if(process.platform === 'linux')(
  'one gateway takes over the port from another under load, again and again, and no request fails',
  async () => {
    const crowd = shoppers()
    let current = stack.processes.get('gateway')
    for (let turn = 0; turn < takeovers && !crowd.failed.aborted; turn += 1) {
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
    console.log(`${crowd.served()} purchases during ${takeovers} takeovers of the gateway`)
  },
  limitMs,
)

const newGateway = (given: Record<string, string>): { next: ManagedProcess; listening: Promise<void> } => {
  const { promise: listening, resolve } = Promise.withResolvers<void>()
  const env = { ...given, LOG_LEVEL: 'info' }
  const spec = {
    name: 'gateway',
    program: 'gateway',
    folder: folderOf('gateway'),
    entry: 'dist/main.js',
    env,
  } as const
  const onLine = (_: string, line: string) => line.includes('"listening"') && resolve()
  const hooks = { onLine, onStart: () => undefined, onExit: () => undefined }
  const next = manageProcess(spec, hooks)
  gateways.push(next)
  return { next, listening }
}
