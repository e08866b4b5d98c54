import type { Cart, CartLine, CartProblem, Totals } from '@comptoir/contracts/carts/model'
import type { Quote } from '@comptoir/contracts/catalog/model'
import type { DeliveryOption } from '@comptoir/contracts/delivery/model'
import type { VariantId } from '@comptoir/contracts/ids'
import { includedTax, money, type Price, sum } from '@comptoir/contracts/money'
import type { StoredCart, StoredLine } from './cart.ts'
import { taxRate } from './tax-rates.ts'

/** The shop sells in one currency; a variant priced in another is not for sale in a cart. */
const cartCurrency = 'GBP'

// A hundred lines of this much and their delivery stay within what contracts' AmountMinor can carry.
const lineTotalMaxMinor = 9_000_000_000

/** What has to be asked of others before a cart can be priced. */
export interface Facts {
  /** By variant; null for one that the catalogue does not know. */
  readonly quotes: ReadonlyMap<VariantId, Quote | null>
  /** The options for one country and value of goods; null while nobody asked. */
  readonly delivery: DeliveryFacts | null
}

export interface DeliveryFacts {
  readonly country: string
  readonly subtotal: Price
  readonly options: readonly DeliveryOption[]
}

export const noFacts: Facts = { quotes: new Map(), delivery: null }

/** What delivery has to be asked for, unless no option was chosen or the answer is there. Needs every quote. */
export const unaskedDelivery = (
  cart: StoredCart,
  facts: Facts,
): Pick<DeliveryFacts, 'country' | 'subtotal'> | undefined => {
  if (cart.deliveryOption === null) return undefined
  const country = countryOf(cart)
  const subtotal = subtotalOf(priceLines(cart, facts))
  const known = facts.delivery
  if (known?.country === country && known.subtotal.amountMinor === subtotal.amountMinor) return undefined
  return { country, subtotal }
}

/** Whether a cart can be priced with these facts and nothing more. */
export const isCovered = (cart: StoredCart, facts: Facts): boolean =>
  cart.lines.every((line) => facts.quotes.has(line.variantId)) && unaskedDelivery(cart, facts) === undefined

/** Prices a cart. The problems are those that placing an order refuses on. Needs facts that cover the cart. */
export const priceCart = (cart: StoredCart, facts: Facts): Cart => {
  const priced = priceLines(cart, facts)
  const option = facts.delivery?.options.find((offered) => offered.code === cart.deliveryOption) ?? null
  return {
    id: cart.id,
    version: cart.version,
    lines: priced.map(({ line }) => line),
    contact: cart.contact,
    address: cart.address,
    deliveryOption: option,
    totals: totalsOf(priced, option, countryOf(cart)),
    problems: [
      ...(cart.lines.length === 0 ? [{ code: 'CART_EMPTY' } as const] : []),
      ...priced.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
      ...(cart.address === null ? [{ code: 'ADDRESS_MISSING' } as const] : []),
      ...optionProblems(cart.deliveryOption, option),
    ],
  }
}

/** Whether a quote lets its variant be bought here. */
export const isOnSale = (quote: Quote | null | undefined): quote is Quote =>
  quote !== null && quote !== undefined && quote.sellable && quote.price.currency === cartCurrency

interface PricedLine {
  readonly line: CartLine
  readonly problem?: CartProblem
}

const priceLines = (cart: StoredCart, facts: Facts): PricedLine[] =>
  cart.lines.map((line) => priceLine(line, facts.quotes.get(line.variantId), countryOf(cart)))

const priceLine = (line: StoredLine, quote: Quote | null | undefined, country: string): PricedLine => {
  if (!isOnSale(quote)) return unavailable(line)
  const totalMinor = quote.price.amountMinor * line.quantity
  if (totalMinor > lineTotalMaxMinor) return unavailable(line)
  const { available, sellable: _, price: unitPrice, ...shown } = quote
  const tax = includedTax(totalMinor, taxRate(country, quote.taxClass))
  const priced: CartLine = {
    ...shown,
    quantity: line.quantity,
    unitPrice,
    total: money(totalMinor, cartCurrency),
    tax: money(tax, cartCurrency),
  }
  if (line.quantity <= available) return { line: priced }
  const { variantId, quantity: requested } = line
  return { line: priced, problem: { code: 'SHORT_OF_STOCK', variantId, requested, available } }
}

/** Shown as it was when it was added, and counted as nothing. */
const unavailable = (line: StoredLine): PricedLine => {
  const nothing = money(0, cartCurrency)
  return {
    line: { ...line, imageUrl: null, unitPrice: nothing, total: nothing, tax: nothing },
    problem: { code: 'UNAVAILABLE', variantId: line.variantId },
  }
}

const totalsOf = (priced: readonly PricedLine[], option: DeliveryOption | null, country: string): Totals => {
  const subtotal = subtotalOf(priced)
  const delivery = option?.price ?? money(0, cartCurrency)
  const deliveryTax = money(includedTax(delivery.amountMinor, taxRate(country, 'standard')), cartCurrency)
  return {
    currency: cartCurrency,
    subtotal,
    delivery,
    tax: sum([...priced.map(({ line }) => line.tax), deliveryTax], cartCurrency),
    total: sum([subtotal, delivery], cartCurrency),
  }
}

const subtotalOf = (priced: readonly PricedLine[]): Price =>
  sum(
    priced.map(({ line }) => line.total),
    cartCurrency,
  )

const optionProblems = (chosen: string | null, offered: DeliveryOption | null): CartProblem[] => {
  if (chosen === null) return [{ code: 'DELIVERY_OPTION_MISSING' }]
  return offered === null ? [{ code: 'DELIVERY_OPTION_NOT_OFFERED', option: chosen }] : []
}

/** Until the address is known, as delivery itself assumes. */
const countryOf = (cart: StoredCart): string => cart.address?.country ?? 'GB'
