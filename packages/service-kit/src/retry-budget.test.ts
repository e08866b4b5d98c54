import { expect, test } from 'bun:test'
import { createRetryBudget } from './retry-budget.ts'

const taken = (budget: { take(): boolean }): number => {
  let count = 0
  while (count < 1_000 && budget.take()) count += 1
  return count
}

test('a tenth of the calls of ten seconds may be repeated, and none when that is used up', () => {
  let ms = 0
  const budget = createRetryBudget(() => ms)
  for (let n = 0; n < 200; n += 1) budget.called()
  expect(taken(budget)).toBe(20)
  ms += 9_000
  expect(budget.take()).toBe(false)
  ms += 1_000
  expect(taken(budget)).toBe(3)
})
