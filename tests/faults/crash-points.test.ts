import { afterAll, beforeAll, expect, test } from 'bun:test'
import { serviceNames } from '@comptoir/dev/process-list'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { crashPoints } from './crash-points.ts'
import { gather } from './crowd.ts'
import { dieAtEach, pointsIn, traceTo } from './dying.ts'
import { shortWaits, visitor } from './visits.ts'

const visitsMax = 6

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ env: shortWaits, backoffScale: 0.02, onHand: 100_000 })
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

test('the list of crash points is what a purchase passes', async () => {
  const visit = visitor(stack)
  const processes = serviceNames.map((name) => stack.processes.get(name))
  const files = processes.map((process) => traceTo(process, stack.folder))
  await Promise.all(processes.map((process) => process.restart()))
  const passed = () =>
    Object.fromEntries(serviceNames.map((name, index) => [name, pointsIn(files[index] ?? '')]))
  const listed = Object.fromEntries(serviceNames.map((name) => [name, crashPoints[name].toSorted()]))
  // News that overtakes other news makes it pass over a point; other visits pass it then.
  for (let round = 0; round < visitsMax && !Bun.deepEquals(passed(), listed); round += 1) {
    await Promise.all([visit(2 * round), visit(2 * round + 1)])
    expect(await breachesAtRest(stack)).toEqual([])
  }
  expect(passed()).toEqual(listed)
  for (const process of processes) delete process.env['CRASH_TRACE']
}, 120_000)

// Each service dies at one of its points after another while shoppers go on buying, so that every purchase meets several.
test('wherever a process dies, every order ends right', async () => {
  const crowd = gather(6, visitor(stack))
  const { folder } = stack
  const dying = await Promise.allSettled(
    serviceNames.map((name) =>
      dieAtEach(stack.processes.get(name), { points: crashPoints[name], folder, signal: crowd.failed }),
    ),
  )
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  expect(dying.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(await breachesAtRest(stack, 150_000)).toEqual([])
  expect(await openOrders(stack)).toEqual([])
}, 400_000)
