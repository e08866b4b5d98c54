import { describe, expect, test } from 'bun:test'
import type { Quote } from '@comptoir/contracts/catalog/model'
import type { DeliveryOption } from '@comptoir/contracts/delivery/model'
import { CartId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { type StoredCart, type StoredLine, emptyCart } from './cart.ts'
import { type Facts, isCovered, noFacts, priceCart, unaskedDelivery } from './price-cart.ts'

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const variant = VariantId.parse('0190a6ff-0000-7000-8000-000000000001')
const product = ProductId.parse('0190a6ff-0000-7000-8000-000000000002')
const blank = emptyCart(CartId.parse('0190a6ff-0000-7000-8000-000000000003'))
const address = { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1', country: 'GB' }
const standard: DeliveryOption = {
  code: 'standard',
  name: 'Standard',
  price: gbp(395),
  daysMin: 2,
  daysMax: 4,
}

const lineOf = (quantity: number): StoredLine => ({
  variantId: variant,
  quantity,
  productId: product,
  sku: 'MUG',
  name: 'Mug as it was',
  taxClass: 'standard',
})
const quoteOf = (change: Partial<Quote> = {}): Quote => ({
  variantId: variant,
  productId: product,
  sku: 'MUG',
  name: 'Mug',
  imageUrl: null,
  price: gbp(1250),
  taxClass: 'standard',
  available: 10,
  sellable: true,
  ...change,
})
const cartOf = (change: Partial<StoredCart> = {}): StoredCart => ({
  ...blank,
  address,
  deliveryOption: 'standard',
  lines: [lineOf(2)],
  ...change,
})
const factsOf = (quote: Quote | null, subtotalMinor: number, country = 'GB'): Facts => ({
  quotes: new Map([[variant, quote]]),
  delivery: { country, subtotal: gbp(subtotalMinor), options: [standard] },
})

describe('a cart that can be ordered', () => {
  const cart = priceCart(cartOf(), factsOf(quoteOf(), 2500))

  test('has no problems', () => expect(cart.problems).toEqual([]))
  test('adds lines and delivery', () =>
    expect(cart.totals).toEqual({
      currency: 'GBP',
      subtotal: gbp(2500),
      delivery: gbp(395),
      tax: gbp(417 + 66),
      total: gbp(2895),
    }))
  test('shows what the catalogue says now, and nothing the contract does not name', () =>
    expect(cart.lines).toEqual([
      {
        variantId: variant,
        productId: product,
        sku: 'MUG',
        name: 'Mug',
        imageUrl: null,
        taxClass: 'standard',
        quantity: 2,
        unitPrice: gbp(1250),
        total: gbp(2500),
        tax: gbp(417),
      },
    ]))
})

describe('tax', () => {
  test.each([
    ['GB', 'standard', 417],
    ['GB', 'reduced', 119],
    ['GB', 'zero', 0],
    ['FR', 'reduced', 130],
    ['DE', 'standard', 399],
    ['IE', 'reduced', 297],
    ['US', 'standard', 0],
  ] as const)('in %s, %s, contained in 25.00', (country, taxClass, tax) => {
    const cart = cartOf({ address: { ...address, country } })
    const [line] = priceCart(cart, factsOf(quoteOf({ taxClass }), 2500, country)).lines
    expect(line?.tax).toEqual(gbp(tax))
  })
})

describe('problems', () => {
  test('an empty cart has no price and says everything that is missing', () => {
    const cart = priceCart(blank, noFacts)
    expect(cart.problems).toEqual([
      { code: 'CART_EMPTY' },
      { code: 'ADDRESS_MISSING' },
      { code: 'DELIVERY_OPTION_MISSING' },
    ])
    expect(cart.totals.total).toEqual(gbp(0))
  })
  test('a variant short of stock is still priced', () => {
    const cart = priceCart(cartOf(), factsOf(quoteOf({ available: 1 }), 2500))
    expect(cart.problems).toEqual([
      { code: 'SHORT_OF_STOCK', variantId: variant, requested: 2, available: 1 },
    ])
    expect(cart.totals.subtotal).toEqual(gbp(2500))
  })
  test.each([
    ['unknown', null],
    ['archived', quoteOf({ sellable: false })],
    ['priced in another currency', quoteOf({ price: { amountMinor: 1, currency: 'EUR' } })],
    ['beyond any amount', quoteOf({ price: gbp(900_000_000_000) })],
  ])('a variant that is %s is shown as it was added and counts as nothing', (_, quote) => {
    const cart = priceCart(cartOf(), factsOf(quote, 0))
    expect(cart.problems).toEqual([{ code: 'UNAVAILABLE', variantId: variant }])
    expect(cart.lines[0]).toMatchObject({ name: 'Mug as it was', quantity: 2, total: gbp(0) })
    expect(cart.totals.subtotal).toEqual(gbp(0))
  })
  test('an option that is not offered any more', () => {
    const cart = priceCart(cartOf({ deliveryOption: 'drone' }), factsOf(quoteOf(), 2500))
    expect(cart.problems).toEqual([{ code: 'DELIVERY_OPTION_NOT_OFFERED', option: 'drone' }])
    expect(cart.deliveryOption).toBeNull()
  })
})

describe('facts', () => {
  test('cover a cart only with every quote and the delivery of its country and value', () => {
    expect(isCovered(cartOf(), noFacts)).toBe(false)
    expect(isCovered(cartOf(), factsOf(quoteOf(), 2500))).toBe(true)
    expect(isCovered(cartOf(), factsOf(quoteOf(), 2499))).toBe(false)
    expect(isCovered(cartOf(), factsOf(quoteOf(), 2500, 'FR'))).toBe(false)
    expect(isCovered(blank, noFacts)).toBe(true)
  })
  test('delivery is asked for the home country until there is an address', () => {
    const wanted = unaskedDelivery(cartOf({ address: null }), {
      quotes: new Map([[variant, quoteOf()]]),
      delivery: null,
    })
    expect(wanted).toEqual({ country: 'GB', subtotal: gbp(2500) })
  })
})
