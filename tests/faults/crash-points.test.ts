import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type ServiceName, serviceNames } from '@comptoir/dev/process-list'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { patientShop } from '../stack/patient-shop.ts'
import { purchase } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { crashPoints } from './crash-points.ts'
import { gather } from './crowd.ts'
import { dieAtEach, pointsIn, traceTo } from './dying.ts'

const short = {
  identity: {},
  catalog: {},
  carts: {},
  orders: { STEP_LEASE_MS: '2000' },
  payments: {},
  delivery: { DISPATCH_LEASE_MS: '2000' },
  notifications: { BACKOFF_SCALE: '0.02', MESSAGE_LEASE_MS: '3000' },
  all: { IDEMPOTENCY_LEASE_MS: '2000', DRAIN_MS: '0' },
}

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ env: short, onHand: 100_000 })
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

/** Buys a thing; every other purchase is cancelled once it was paid. */
const visit = async (nth: number): Promise<void> => {
  const product = stack.products[nth % 2]
  if (product === undefined) throw new Error('There is nothing to buy')
  const shop = patientShop(stack.shop)
  const { accessToken: staffToken } = await shop('identity', 'login', stack.admin)
  await purchase({ ...stack, shop, staffToken }, product, nth % 2 === 0 ? 'delivered' : 'cancelled')
}

test('the list of crash points is what a purchase passes', async () => {
  const processes = serviceNames.map((name) => stack.processes.get(name))
  const files = processes.map((process) => traceTo(process, stack.folder))
  await Promise.all(processes.map((process) => process.restart()))
  await Promise.all([visit(0), visit(1)])
  expect(await breachesAtRest(stack)).toEqual([])
  const passed = Object.fromEntries(serviceNames.map((name, index) => [name, pointsIn(files[index] ?? '')]))
  const listed = Object.fromEntries(serviceNames.map((name) => [name, crashPoints[name].toSorted()]))
  expect(passed).toEqual(listed)
  for (const process of processes) delete process.env['CRASH_TRACE']
}, 120_000)

test('wherever a process dies, every order ends right', async () => {
  const reconciling: Partial<Record<ServiceName, object>> = { payments: { RECONCILE_SECONDS: '1' }, delivery: { RECONCILE_SECONDS: '1' } }
  const crowd = gather(6, visit)
  const missed = await Promise.all(
    serviceNames.map((name) => {
      const process = stack.processes.get(name)
      Object.assign(process.env, reconciling[name])
      return dieAtEach(process, crashPoints[name], stack.folder)
    }),
  )
  expect(await crowd.leave()).toEqual([])
  expect(missed.flat()).toEqual([])
  expect(await breachesAtRest(stack, 90_000)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 400_000)
