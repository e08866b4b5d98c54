import { expect, test } from 'bun:test'
import { type InvoiceLine, medianMinor, milliPence, retailProducts } from './retail-products.ts'

const line = (over: Partial<InvoiceLine>): InvoiceLine => ({
  stockCode: '85123A',
  description: 'WHITE MUG',
  quantity: 6,
  unitPrice: '2.55',
  ...over,
})

test('makes one product of the lines of a code, whatever the case of its letters', () => {
  const lines = [
    line({}),
    line({ stockCode: '85123a', unitPrice: '2.95' }),
    line({ description: 'CREAM MUG', quantity: 400 }),
    line({}),
  ]
  expect(retailProducts(lines)).toEqual([
    {
      sku: '85123A',
      name: 'White Mug',
      category: 'Kitchen/Mugs & Cups',
      price: { amountMinor: 255, currency: 'GBP' },
      onHand: 105,
    },
  ])
})

test.each([
  ['postage', { stockCode: 'POST' }],
  ['a manual line', { stockCode: 'M' }],
  ['a voucher', { stockCode: 'gift_0001_20' }],
  ['carriage under a product code', { description: 'Next Day Carriage' }],
  ['a write-off', { quantity: -3, unitPrice: '0' }],
  ['a return', { quantity: -3 }],
  ['a line without a price', { unitPrice: '0.00' }],
  ['a line without a description', { description: ' ' }],
])('%s is no product', (_, over) => {
  expect(retailProducts([line(over)])).toEqual([])
})

test('a price that rounds to nothing is no price', () => {
  expect(retailProducts([line({ unitPrice: '0.001' })])).toEqual([])
})

test.each([
  [['1.00', '3.00', '2.00'], 200],
  [['1.00', '1.01'], 100],
  [['1.01', '1.02'], 102],
  [['0.125'], 12],
])('the median of %p is %p pence', (prices, minor) => {
  expect(medianMinor(prices.map(milliPence))).toBe(minor)
})
