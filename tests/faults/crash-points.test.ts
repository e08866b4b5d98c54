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
  orders: { STEP_LEASE_MS: '2000', STEP_RETRY_MAX_MS: '1000' },
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

/** One at a time: tries that a crash cut short count as failed ones, and ten of those lock an account. */
let door: Promise<unknown> = Promise.resolve()
const signIn = <T>(work: () => Promise<T>): Promise<T> => {
  const turn = door.then(work)
  door = turn.catch(() => undefined)
  return turn
}

/** Buys a thing; every other purchase is cancelled once it was paid. */
const visit = async (nth: number): Promise<void> => {
  const product = stack.products[nth % 2]
  if (product === undefined) throw new Error('There is nothing to buy')
  const shop = patientShop(stack.shop)
  const { accessToken: staffToken } = await signIn(() => shop('identity', 'login', stack.admin))
  const seen: string[] = []
  const spy: typeof shop = async (a, b, c, d) => { seen.push(`${Math.round(performance.now())} ${a}.${b} ${JSON.stringify(c)} ${d?.idempotencyKey}`); return shop(a, b, c, d) }
  try {
  await purchase({ ...stack, shop: spy, staffToken }, product, nth % 2 === 0 ? 'delivered' : 'cancelled')
  } catch (error) {
    const calls = seen.filter((l) => !l.includes('getOrder'))
    const orderId = /"orderId":"([^"]+)"/.exec(seen.at(-1) ?? '')?.[1]
    if (!orderId) { console.log('DBGV0', calls.join('\n'), error); throw error }
    const { openDatabases } = await import('../stack/databases.ts')
    await using db = openDatabases(stack.databaseUrl)
    console.log('DBGV', nth, calls.join('\n   '), '\n', await db.orders`select * from status_history where order_id = ${orderId} order by position`, await db.orders`select procedure, principal, key, owner, lease_until, answered_at, created_at from idempotency_keys where procedure='cancelOrder' and (answer->>'id' = ${orderId} or key = ${calls.at(-1)?.split(' ').at(-1) ?? ''})`, await db.orders`select * from order_steps where order_id = ${orderId}`,await db.orders`select * from outbox where aggregate_id = ${orderId}`, await db.payments`select * from payments where order_id = ${orderId}`, await db.payments`select * from provider_webhooks where ref = (select provider_ref from payments where order_id=${orderId})`, await db.payments`select * from payment_operations where payment_id = (select id from payments where order_id=${orderId})`)
    throw error
  }
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
      return dieAtEach(process, { points: crashPoints[name], folder: stack.folder, signal: crowd.failed })
    }),
  )
  expect(await crowd.leave()).toEqual([])
  expect(missed.flat()).toEqual([])
  expect(await breachesAtRest(stack, 90_000)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 400_000)
