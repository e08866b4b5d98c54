import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { readQuery } from './query.ts'

test('a query says the same however it is read, whatever is in it', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '%ff',
      '%',
      '%zz',
      '%2B',
      '+',
      '&batch=1',
      '&input=',
      '%26',
      '#',
      'é',
      '%C3%A9',
      '%EF%BB%BF',
    ),
  )
  const begin = fc.constantFrom(
    '',
    '?',
    '?input=',
    '?batch=1&input=',
    '?batch=1&',
    '?batch=1',
    '?batch=0&input=',
  )
  fc.assert(
    fc.property(begin, text, text, (head, one, other) => {
      const search = `${head}${one}${other}`
      const query = new URLSearchParams(search)
      expect(readQuery(search)).toEqual({ isBatch: query.get('batch') === '1', input: query.get('input') })
    }),
    { numRuns: 1_000 },
  )
})

test('what tRPC’s clients write is a batch with its inputs, or a call with its input', () => {
  expect(readQuery('?batch=1&input=%7B%220%22%3A%7B%7D%7D')).toEqual({ isBatch: true, input: '{"0":{}}' })
  expect(readQuery('?input=%7B%7D')).toEqual({ isBatch: false, input: '{}' })
  expect(readQuery('?batch=1')).toEqual({ isBatch: true, input: null })
  expect(readQuery('')).toEqual({ isBatch: false, input: null })
})
