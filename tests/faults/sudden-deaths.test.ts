import { afterAll, beforeAll, expect, test } from 'bun:test'
import { serviceNames } from '@comptoir/dev/process-list'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { elapse, until } from '../stack/until.ts'
import { gather } from './crowd.ts'
import { seededRandom } from './seeded-random.ts'
import { shortWaits, visitor } from './visits.ts'

const databaseDeaths = 3
const processDeaths = 40

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ env: shortWaits, backoffScale: 0.02, onHand: 100_000 })
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

test('PostgreSQL dies again and again under load, and every order ends right', async () => {
  const crowd = gather(6, visitor(stack))
  for (let death = 0; death < databaseDeaths && !crowd.failed.aborted; death += 1) {
    const served = crowd.served()
    await until(
      'purchases go on',
      () => (crowd.served() >= served + 4 || crowd.failed.aborted ? true : undefined),
      60_000,
    )
    process.kill(stack.servers.postgres?.pid() ?? 0, 'SIGKILL')
  }
  await until('purchases go on', () => (crowd.served() >= 4 * databaseDeaths ? true : undefined), 60_000)
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  expect(await breachesAtRest(stack, 120_000)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 240_000)

test('any process dies at any moment, and every order ends right', async () => {
  const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
  console.log(`FAULT_SEED=${seed}`)
  const random = seededRandom(seed)
  const crowd = gather(6, visitor(stack))
  for (let death = 0; death < processDeaths && !crowd.failed.aborted; death += 1) {
    await stack.processes.get(random.pick([...serviceNames, 'gateway'])).kill()
    await elapse(random.between(100, 900))
  }
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  expect(crowd.served()).toBeGreaterThan(0)
  expect(await breachesAtRest(stack, 120_000)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 240_000)
