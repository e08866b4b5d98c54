import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { nextLimit, type ConcurrencyLimit } from './concurrency-limit.ts'

const bounds = { min: 20, max: 1_000 }
const after = (start: ConcurrencyLimit, steps: number, seen: (limit: number) => number): ConcurrencyLimit => {
  let state = start
  for (let n = 0; n < steps; n += 1)
    state = nextLimit(state, { medianMs: seen(state.limit), inFlightMax: state.limit }, bounds)
  return state
}

test('stays within its bounds whatever is seen, and never becomes nonsense', () => {
  const seen = fc.record({
    medianMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    inFlightMax: fc.nat(10_000),
  })
  fc.assert(
    fc.property(fc.array(seen), (all) => {
      let state: ConcurrencyLimit = { limit: 100, usualMs: 0 }
      for (const each of all) state = nextLimit(state, each, bounds)
      expect(state.limit).toBeWithin(bounds.min, bounds.max + 1)
      expect(Number.isFinite(state.usualMs)).toBe(true)
    }),
  )
})

test('the slower the answers, the lower the next limit', () => {
  const slowness = fc.double({ min: 0.1, max: 1_000, noNaN: true })
  fc.assert(
    fc.property(slowness, slowness, (one, other) => {
      const [quick, slow] = [Math.min(one, other), Math.max(one, other)]
      const from = { limit: 200, usualMs: 10 }
      const next = (medianMs: number) => nextLimit(from, { medianMs, inFlightMax: 200 }, bounds).limit
      expect(next(slow)).toBeLessThanOrEqual(next(quick) + 1e-9)
    }),
  )
})

test('grows while answers stay as quick as ever, and only where it is made use of', () => {
  const from = { limit: 100, usualMs: 10 }
  expect(after(from, 400, () => 11).limit).toBe(bounds.max)
  expect(nextLimit(from, { medianMs: 11, inFlightMax: 10 }, bounds).limit).toBe(100)
})

test('settles where a server that does a hundred things at once is busy but not crowded', () => {
  // Beyond a hundred at once everything takes proportionally longer.
  const medianMs = (limit: number) => 10 * Math.max(1, limit / 100)
  const { limit } = after({ limit: 900, usualMs: 10 }, 300, medianMs)
  expect(limit).toBeWithin(100, 300)
})

test('comes down to the least when answers are slow for long, and up again afterwards', () => {
  const slow = after({ limit: 500, usualMs: 10 }, 60, () => 500)
  expect(slow.limit).toBe(bounds.min)
  expect(after(slow, 400, () => 10).limit).toBe(bounds.max)
})
