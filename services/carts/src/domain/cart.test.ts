import { describe, expect, test } from 'bun:test'
import { CartId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { emptyCart, isBlank, isOverfull, type StoredLine, withAdded, withQuantity } from './cart.ts'
import { mergeCarts } from './merge.ts'
import { surplusOf } from './surplus.ts'

const id = (n: number) => `0190a6ff-0000-7000-8000-${String(n).padStart(12, '0')}`
const line = (n: number, quantity: number): StoredLine => ({
  variantId: VariantId.parse(id(n)),
  quantity,
  productId: ProductId.parse(id(9_000 + n)),
  sku: `SKU-${n}`,
  name: `Thing ${n}`,
  taxClass: 'standard',
})
const cart = (...lines: StoredLine[]) => ({ ...emptyCart(CartId.parse(id(0))), lines })
const units = (lines: readonly StoredLine[]) => lines.map(({ sku, quantity }) => [sku, quantity])
const contact = { email: 'ada@example.org' }

describe('changing a cart', () => {
  test('adds to a line that is there, and appends one that is not', () =>
    expect(units(withAdded(withAdded(cart(line(1, 2)), line(1, 3)), line(2, 1)).lines)).toEqual([
      ['SKU-1', 5],
      ['SKU-2', 1],
    ]))
  test('sets a quantity, and takes a line out at zero', () => {
    const two = cart(line(1, 2), line(2, 2))
    expect(units(withQuantity(two, line(1, 0).variantId, 7).lines)).toEqual([
      ['SKU-1', 7],
      ['SKU-2', 2],
    ])
    expect(units(withQuantity(two, line(1, 0).variantId, 0).lines)).toEqual([['SKU-2', 2]])
  })
  test('is overfull beyond 100 lines or 10,000 units of one', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => line(n + 1, 1))
    expect(isOverfull(cart(...hundred))).toBe(false)
    expect(isOverfull(cart(...hundred, line(101, 1)))).toBe(true)
    expect(isOverfull(cart(line(1, 10_000)))).toBe(false)
    expect(isOverfull(cart(line(1, 10_001)))).toBe(true)
  })
  test('is blank only while nothing was said at all', () => {
    expect(isBlank(cart())).toBe(true)
    expect(isBlank(cart(line(1, 1)))).toBe(false)
    expect(isBlank({ ...cart(), contact })).toBe(false)
  })
})

describe('merging a guest’s cart', () => {
  test('adds quantities up to the limit and appends the guest’s other lines', () =>
    expect(units(mergeCarts(cart(line(1, 9_999), line(2, 1)), cart(line(3, 4), line(1, 5))).lines)).toEqual([
      ['SKU-1', 10_000],
      ['SKU-2', 1],
      ['SKU-3', 4],
    ]))
  test('never exceeds a hundred lines', () => {
    const own = Array.from({ length: 99 }, (_, n) => line(n + 1, 1))
    const merged = mergeCarts(cart(...own), cart(line(200, 1), line(201, 1)))
    expect(merged.lines).toHaveLength(100)
    expect(merged.lines.at(-1)?.sku).toBe('SKU-200')
  })
  test('takes from the guest only what the customer has not said', () => {
    const guest = { ...cart(), contact, deliveryOption: 'express' }
    const own = { ...cart(), deliveryOption: 'standard' }
    expect(mergeCarts(own, guest)).toMatchObject({ contact, deliveryOption: 'standard', address: null })
  })
})

describe('the surplus over an order', () => {
  test('is what was added since', () =>
    expect(units(surplusOf([line(1, 5), line(2, 1), line(3, 1)], [line(1, 2), line(2, 1)]))).toEqual([
      ['SKU-1', 3],
      ['SKU-3', 1],
    ]))
  test('is nothing when lines were taken out since', () =>
    expect(surplusOf([line(1, 1)], [line(1, 2), line(2, 1)])).toEqual([]))
})
