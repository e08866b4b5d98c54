// Whole purchases by clients that go on trying, for tests in which everything may die.
import type { Shop } from '@comptoir/dev/demo/shop'
import { patientShop } from '../stack/patient-shop.ts'
import { purchase } from '../stack/purchase.ts'
import type { TestStack } from '../stack/test-stack.ts'

/** Sign-ins one after another: tries that a crash cut short count as failed ones, and ten of those lock an account. */
const oneAtATime = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** An event that was in work at several deaths comes again later each time. */
const waitMs = 150_000

/** A purchase with staff who sign in for it; every other one is cancelled once it was paid. */
export const visitor = (stack: TestStack): ((nth: number) => Promise<void>) => {
  const door = oneAtATime()
  const shop: Shop = patientShop(stack.shop)
  return async (nth) => {
    const product = stack.products[nth % 2]
    if (product === undefined) throw new Error('There is nothing to buy')
    const { accessToken: staffToken } = await door(() => shop('identity', 'login', stack.admin))
    await purchase({ ...stack, shop, staffToken, waitMs }, product, nth % 2 === 0 ? 'delivered' : 'cancelled')
  }
}

/** Waits that are short enough for tests in which processes die all the time. */
export const shortWaits = {
  orders: { STEP_LEASE_MS: '2000', STEP_RETRY_MAX_MS: '1000' },
  payments: { RECONCILE_SECONDS: '2', OPERATION_LEASE_MS: '4000' },
  delivery: { DISPATCH_LEASE_MS: '2000', RECONCILE_SECONDS: '2' },
  notifications: { BACKOFF_SCALE: '0.02', MESSAGE_LEASE_MS: '3000' },
  all: { IDEMPOTENCY_LEASE_MS: '2000' },
}
