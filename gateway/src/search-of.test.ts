import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { searchOf } from './search-of.ts'

test('a query is what a URL makes of it, whatever is in it', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(text, (query) => {
      const url = `http://shop.example/trpc/carts.getCart?a${query}`
      expect(searchOf(url)).toBe(new URL(url).search)
    }),
    { numRuns: 2_000 },
  )
})

test('an address without a question mark has no query', () => {
  expect(searchOf('http://shop.example/v1/cart')).toBe('')
})
