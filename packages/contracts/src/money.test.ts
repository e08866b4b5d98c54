import { describe, expect, test } from 'bun:test'
import { addedTax, divideHalfEven, includedTax, money, split, sum } from './money.ts'

describe('divideHalfEven', () => {
  test.each([
    [5n, 2n, 2],
    [7n, 2n, 4],
    [-5n, 2n, -2],
    [-7n, 2n, -4],
    [1n, 3n, 0],
    [2n, 3n, 1],
    [10n, 5n, 2],
  ])('%d / %d = %d', (numerator, denominator, expected) => {
    expect(divideHalfEven(numerator, denominator)).toBe(expected)
  })
})

test('tax contained in a gross price and tax on top of the net one agree', () => {
  expect(includedTax(1_200, 2_000)).toBe(200)
  expect(addedTax(1_000, 2_000)).toBe(200)
  expect(includedTax(999, 550)).toBe(52)
  expect(includedTax(0, 2_000)).toBe(0)
})

test('the parts of a split add up to the whole, whatever the weights', () => {
  for (const amount of [0, 1, 7, 100, 9_999, -101]) {
    for (const weights of [[1], [1, 1, 1], [3, 0, 5], [997, 1, 2]]) {
      const parts = split(amount, weights)
      expect(parts.reduce((a, b) => a + b, 0)).toBe(amount)
      expect(parts).toHaveLength(weights.length)
    }
  }
  expect(split(100, [1, 1, 1])).toEqual([34, 33, 33])
})

test('refuses to add different currencies', () => {
  expect(sum([money(1, 'GBP'), money(2, 'GBP')], 'GBP')).toEqual(money(3, 'GBP'))
  expect(() => sum([money(1, 'GBP'), money(2, 'EUR')], 'GBP')).toThrow('EUR')
})
