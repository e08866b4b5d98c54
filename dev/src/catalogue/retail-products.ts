import { divideHalfEven } from '@comptoir/contracts/money'
import { categoryOf } from './category-rules.ts'
import { readableName } from './readable-name.ts'

/** One line of an invoice as the data set has it; a line without a positive price and quantity is no sale. */
export interface InvoiceLine {
  stockCode: string
  description: string
  quantity: number
  /** Pounds sterling as written, such as `2.55` or `0.001`. */
  unitPrice: string
}

/** A row as the import reads it. */
export interface CatalogueRow {
  sku: string
  name: string
  category: string
  price: { amountMinor: number; currency: 'GBP' }
  onHand: number
}

interface Sales {
  units: number
  /** In thousandths of a penny, to be exact. */
  prices: bigint[]
  descriptions: Map<string, number>
}

const onHandMin = 20
const onHandMax = 5_000
/** The part of the units sold in the period that is put in stock: about two months' worth of eight. */
const stockedPart = 4

// Five digits, perhaps with letters for a colour or a design, or the codes of the party range. Postage, discounts, samples,
// vouchers, bank charges and the like have codes of other shapes.
const productCode = /^(\d{5}[A-Z]{0,3}|DCGS[0-9A-Z]+)$/
const noProduct = /\b(NEXT DAY CARRIAGE|POSTAGE|CHARGES?|GIFT ?VOUCHERS?|MANUAL|DISCOUNT|SAMPLES?)\b|\?/

/** Every product that was sold, by its upper-cased stock code, in the order of the codes. */
export const retailProducts = (lines: Iterable<InvoiceLine>): CatalogueRow[] => {
  const sales = new Map<string, Sales>()
  for (const line of lines) addLine(sales, line)
  return [...sales].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([sku, sold]) => rowOf(sku, sold) ?? [])
}

const addLine = (
  sales: Map<string, Sales>,
  { stockCode, description, quantity, unitPrice }: InvoiceLine,
): void => {
  const sku = stockCode.trim().toUpperCase()
  const text = description.trim().replace(/\s+/g, ' ')
  const price = milliPence(unitPrice)
  if (!productCode.test(sku) || text === '' || noProduct.test(text.toUpperCase())) return
  if (quantity <= 0 || price <= 0n) return
  const sold: Sales = sales.get(sku) ?? { units: 0, prices: [], descriptions: new Map() }
  sold.units += quantity
  sold.prices.push(price)
  sold.descriptions.set(text, (sold.descriptions.get(text) ?? 0) + 1)
  sales.set(sku, sold)
}

const rowOf = (sku: string, { units, prices, descriptions }: Sales): CatalogueRow | undefined => {
  const amountMinor = medianMinor(prices)
  const name = readableName(mostFrequent(descriptions))
  if (amountMinor === 0 || name === '') return undefined
  const onHand = Math.min(onHandMax, Math.max(onHandMin, Math.round(units / stockedPart)))
  return { sku, name, category: categoryOf(name), price: { amountMinor, currency: 'GBP' }, onHand }
}

/** The median in pence, rounded half to even; of an even number of prices, the mean of the middle two. */
export const medianMinor = (prices: readonly bigint[]): number => {
  const sorted = prices.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0n
  return divideHalfEven(low + high, 2_000n)
}

/** `2.55` as 255000; 0 for anything that is no plain decimal number. */
export const milliPence = (pounds: string): bigint => {
  const [, whole, decimals = ''] = /^(\d+)(?:\.(\d{1,5}))?$/.exec(pounds.trim()) ?? []
  return whole === undefined ? 0n : BigInt(whole + decimals.padEnd(5, '0'))
}

// Of equally frequent ones the first in the alphabet, so that the answer does not depend on the order of lines.
const mostFrequent = (descriptions: ReadonlyMap<string, number>): string =>
  [...descriptions].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? ''
