import { expect, test } from 'bun:test'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import { z } from 'zod'
import { coerceQuery } from './coerce.ts'

const coerced = (query: string) => coerceQuery(new URLSearchParams(query), catalog.listProducts.input)

test('makes numbers and truth values of the fields that the contract says are such, and of no other', () => {
  expect(coerced('limit=20&priceMin=0&inStock=false&q=12&sort=-price')).toEqual({
    limit: 20,
    priceMin: 0,
    inStock: false,
    q: '12',
    sort: '-price',
  })
})

test('leaves text that is no number as it is, for the service to name the field', () => {
  for (const limit of ['', ' 1', '1e3', '0x10', 'NaN', 'Infinity', '1'.repeat(16), '--1', '1.'])
    expect(coerced(new URLSearchParams({ limit }).toString())).toEqual({ limit })
  expect(coerced('inStock=yes')).toEqual({ inStock: 'yes' })
})

test('hands on a repeated field as a list, which the contract refuses', () => {
  expect(coerced('limit=1&limit=2')).toEqual({ limit: [1, 2] })
})

test('makes a list of a field that the contract says is one, however often it is given', () => {
  const input = z.strictObject({ state: z.array(z.enum(['a', 'b'])).optional(), page: z.array(z.number()) })
  const listed = (query: string) => coerceQuery(new URLSearchParams(query), input)
  expect(listed('state=a&page=1')).toEqual({ state: ['a'], page: [1] })
  expect(listed('state=a&state=b&page=1&page=x')).toEqual({ state: ['a', 'b'], page: [1, 'x'] })
})

test('hands on unknown fields, also those named like members of every object', () => {
  const input = coerced('constructor=1&__proto__=2&toString=3')
  expect(Object.keys(input).toSorted()).toEqual(['__proto__', 'constructor', 'toString'])
  expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
})
