import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { defaultLimits, type Limits } from './limits.ts'
import { createRateLimiter, rateLimitHeaders } from './rate-limiter.ts'

const limitsOf = (quota: number, windowSeconds: number): Limits => ({
  ...defaultLimits,
  rates: { ...defaultLimits.rates, read: { quota, windowSeconds } },
})

const onClock = (limits: Limits, clientsMax?: number) => {
  let ms = 5_000
  let current = limits
  const limiter = createRateLimiter({
    limits: () => current,
    now: () => ms,
    ...(clientsMax === undefined ? {} : { clientsMax }),
  })
  const take = (client = 'a', cost = 1) => limiter.take('read', client, cost)
  return { take, limiter, pass: (by: number) => (ms += by), become: (next: Limits) => (current = next) }
}

test('allows the quota at once, and then one for each share of the window that passes', () => {
  const { take, pass } = onClock(limitsOf(10, 60))
  for (let n = 9; n >= 0; n -= 1) expect(take()).toMatchObject({ isAllowed: true, remaining: n })
  expect(take()).toEqual({ rateClass: 'read', isAllowed: false, remaining: 0, seconds: 6 })
  pass(5_999)
  expect(take()).toMatchObject({ isAllowed: false, seconds: 1 })
  pass(1)
  expect(take().isAllowed).toBe(true)
  expect(take().isAllowed).toBe(false)
})

test('a refusal costs nothing, so that whoever goes on asking is served when their time has come', () => {
  const { take, pass } = onClock(limitsOf(1, 10))
  take()
  for (let n = 0; n < 9; n += 1) {
    pass(1_000)
    expect(take().isAllowed).toBe(false)
  }
  pass(1_000)
  expect(take().isAllowed).toBe(true)
})

test('counts clients and classes apart', () => {
  const { take, limiter } = onClock(limitsOf(1, 60))
  expect(take('a').isAllowed).toBe(true)
  expect(take('a').isAllowed).toBe(false)
  expect(take('b').isAllowed).toBe(true)
  expect(limiter.take('write', 'a', 1).isAllowed).toBe(true)
})

test('a batch costs what its calls cost, all or nothing', () => {
  const { take } = onClock(limitsOf(10, 60))
  expect(take('a', 8)).toMatchObject({ isAllowed: true, remaining: 2 })
  expect(take('a', 3)).toMatchObject({ isAllowed: false, remaining: 2 })
  expect(take('a', 2).isAllowed).toBe(true)
})

test('limits that change hold from the next check on', () => {
  const { take, become } = onClock(limitsOf(1, 60))
  take()
  expect(take().isAllowed).toBe(false)
  become(limitsOf(100, 60))
  expect(take().isAllowed).toBe(false)
  expect(take('b')).toMatchObject({ isAllowed: true, remaining: 99 })
})

test('remembers a bounded number of clients: whoever goes on asking always, the others for a while', () => {
  const { take } = onClock(limitsOf(1, 3_600), 100)
  take('busy')
  take('silent')
  for (let n = 0; n < 1_000; n += 1) {
    take(`other-${n}`)
    expect(take('busy').isAllowed).toBe(false)
  }
  expect(take('silent').isAllowed).toBe(true)
})

test('no client ever gets more than the quota and what came back meanwhile', () => {
  const step = fc.record({ cost: fc.integer({ min: 1, max: 10 }), waitMs: fc.nat(4_000) })
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 500 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(step, { maxLength: 300 }),
      (quota, windowSeconds, steps) => {
        const { take, pass } = onClock(limitsOf(quota, windowSeconds))
        let allowed = 0
        let passedMs = 0
        for (const { cost, waitMs } of steps) {
          pass(waitMs)
          passedMs += waitMs
          const taken = take('a', cost)
          if (taken.isAllowed) allowed += cost
          else expect(taken.remaining).toBeLessThan(cost)
          expect(taken.remaining).toBeWithin(0, quota + 1)
          expect(allowed).toBeLessThanOrEqual(quota + (passedMs * quota) / (windowSeconds * 1_000) + 1e-3)
        }
      },
    ),
  )
})

test('tells the policy and what is left of it in the words of the draft', () => {
  const limits = limitsOf(100, 60)
  const { take } = onClock(limits)
  expect(rateLimitHeaders(take(), limits)).toEqual({
    policy: '"read";q=100;w=60',
    state: '"read";r=99;t=1',
  })
})
