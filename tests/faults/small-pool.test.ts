import { afterAll, beforeAll, expect, test } from 'bun:test'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { visitor } from './visits.ts'

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ env: { all: { DATABASE_POOL: '2' } } })
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

test('64 shoppers at once finish although each service has two connections only', async () => {
  const visit = visitor(stack)
  const visits = await Promise.allSettled(Array.from({ length: 64 }, (_, nth) => visit(nth)))
  expect(visits.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(await breachesAtRest(stack)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 180_000)
