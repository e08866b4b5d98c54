import { expect, test } from 'bun:test'
import { catalog } from '@comptoir/contracts/catalog/procedures'
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

test('hands on unknown fields, also those named like members of every object', () => {
  const input = coerced('constructor=1&__proto__=2&toString=3')
  expect(Object.keys(input).toSorted()).toEqual(['__proto__', 'constructor', 'toString'])
  expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
})
