import { expect, test } from 'bun:test'
import type { Priority } from '@comptoir/contracts/contract'
import { createAdmission, type Leave } from './admission.ts'
import { defaultLimits } from './limits.ts'

/** An admission with a fixed limit, on a clock that the test moves. */
const onClock = (limit: number) => {
  let ms = 0
  const timers: { at: number; callback: () => void }[] = []
  const limits = { ...defaultLimits, concurrency: { min: limit, max: limit } }
  const admission = createAdmission({
    limits: () => limits,
    now: () => ms,
    later: (callback, after) => {
      const timer = { at: ms + after, callback }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  })
  // The first steps bring the limit from where it starts to where it has to be.
  for (let n = 0; n < 60; n += 1) {
    ms += 10
    const leave = admission.enter('checkout') as Leave
    leave(1)
  }
  const enter = (priority: Priority, service?: string) => admission.enter(priority, service)
  const fill = (priority: Priority, service?: string): Leave[] => {
    const inside: Leave[] = []
    while (inside.length < 1_000) {
      const leave = enter(priority, service)
      if (typeof leave !== 'function') return inside
      inside.push(leave)
    }
    return inside
  }
  const pass = (by: number): void => {
    ms += by
    for (const timer of timers.filter(({ at }) => at <= ms)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.callback()
    }
  }
  return { admission, enter, fill, pass }
}

test('lets each in up to its share, so that browsing never takes a checkout’s place', () => {
  const counts = (['crawl', 'browse', 'account', 'checkout'] as const).map((priority) => {
    const { fill } = onClock(100)
    return fill(priority).length
  })
  expect(counts).toEqual([40, 75, 90, 100])
  const { fill } = onClock(100)
  expect([fill('browse').length, fill('account').length, fill('checkout').length]).toEqual([75, 15, 10])
})

test('those who wait for one service leave half of the room to the others', async () => {
  const { enter, fill, pass } = onClock(100)
  const inside = fill('browse', 'catalog')
  expect(inside).toHaveLength(50)
  expect(fill('browse', 'delivery')).toHaveLength(25)
  const [same, other] = [enter('checkout', 'catalog'), enter('checkout', 'orders')]
  expect(other).toBeFunction()
  inside[0]?.()
  expect(await same).toBeFunction()
  pass(50)
})

test('a place that comes free passes over who waits for a service that is full', async () => {
  const { enter, fill, pass } = onClock(100)
  fill('checkout', 'carts')
  const inside = fill('checkout', 'orders')
  const waiting = [enter('checkout', 'delivery'), enter('checkout', 'carts')]
  inside[0]?.()
  expect(await waiting[0]).toBeFunction()
  pass(50)
  expect(await waiting[1]).toBeUndefined()
})

test('who finds no room waits for 50 ms and no longer', async () => {
  const { enter, fill, pass } = onClock(100)
  const [first] = fill('browse')
  const lucky = enter('browse')
  const unlucky = enter('browse')
  first?.()
  pass(50)
  // The later one got the place.
  expect(await unlucky).toBeFunction()
  expect(await lucky).toBeUndefined()
})

test('the place that comes free goes to what matters most', async () => {
  const { enter, fill, pass } = onClock(100)
  const inside = fill('checkout')
  const [browsing, buying] = [enter('browse'), enter('checkout')]
  inside[0]?.()
  expect(await buying).toBeFunction()
  pass(50)
  expect(await browsing).toBeUndefined()
})

test('under overload browsing is refused at once, and a checkout still waits for its place', async () => {
  const { enter, fill, pass } = onClock(100)
  const inside = fill('checkout')
  const first = enter('browse')
  pass(50)
  expect(await first).toBeUndefined()
  expect(enter('browse')).toBeUndefined()
  expect(enter('crawl')).toBeUndefined()
  const buying = enter('checkout')
  inside[0]?.()
  expect(await buying).toBeFunction()
  pass(250)
  const again = enter('browse')
  expect(again).toBeInstanceOf(Promise)
  pass(50)
  expect(await again).toBeUndefined()
})

test('as long as the overload lasts nobody who browses is kept waiting', async () => {
  const { enter, fill, pass } = onClock(100)
  fill('checkout')
  const first = enter('browse')
  pass(50)
  expect(await first).toBeUndefined()
  for (let n = 0; n < 20; n += 1) {
    pass(200)
    expect(enter('browse')).toBeUndefined()
  }
  pass(250)
  expect(enter('browse')).toBeInstanceOf(Promise)
})

test('no more wait than can be inside; the eldest gives way', async () => {
  const { enter, fill, pass } = onClock(10)
  fill('checkout')
  const eldest = enter('checkout')
  const others = Array.from({ length: 10 }, () => enter('checkout'))
  expect(await eldest).toBeUndefined()
  pass(50)
  expect(await Promise.all(others)).toEqual(others.map(() => undefined))
})

test('leaving twice frees one place', () => {
  const { admission, fill, pass } = onClock(10)
  const [first] = fill('checkout')
  pass(50)
  first?.()
  first?.()
  expect(admission.inFlight()).toBe(9)
})
