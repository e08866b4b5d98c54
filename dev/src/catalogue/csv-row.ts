/** The columns of a CSV file. Only the first four and the currency are needed; an empty cell counts as left out. */
export const csvColumns = [
  'sku',
  'name',
  'description',
  'category',
  'price',
  'currency',
  'on_hand',
  'image_url',
] as const

type Read = { row: Record<string, unknown> } | { pointer: string; message: string }

/** A CSV record as an import row: the price, in units of the currency, becomes minor units. Nothing else is checked here. */
export const rowOfRecord = (record: Readonly<Record<string, string>>): Read => {
  const cell = (name: (typeof csvColumns)[number]): string | undefined => record[name]?.trim() || undefined
  const unknown = Object.keys(record).find((name) => !csvColumns.some((column) => column === name))
  if (unknown !== undefined)
    return { pointer: `/${unknown}`, message: `Expected the columns ${csvColumns.join(', ')}` }
  const currency = cell('currency') ?? ''
  const amountMinor = minorOf(cell('price') ?? '', currency)
  if (amountMinor === undefined) {
    return {
      pointer: '/price',
      message: `Expected a price in ${currency || 'a currency'} such as ${example(currency)}`,
    }
  }
  const onHand = cell('on_hand')
  const row = {
    sku: cell('sku'),
    name: cell('name'),
    description: cell('description'),
    category: cell('category'),
    imageUrl: cell('image_url'),
    price: { amountMinor, currency },
    onHand: onHand !== undefined && /^\d+$/.test(onHand) ? Number(onHand) : onHand,
  }
  return { row: Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) }
}

/** `2.5` GBP as 250; undefined when it is no decimal number, or has more decimals than the currency. */
const minorOf = (price: string, currency: string): number | undefined => {
  const digits = decimalsOf(currency)
  const [, whole, decimals = ''] = /^(\d{1,10})(?:\.(\d+))?$/.exec(price) ?? []
  if (digits === undefined || whole === undefined || decimals.length > digits) return undefined
  return Number(whole + decimals.padEnd(digits, '0'))
}

/** How many decimals a currency has; undefined when it is none. */
const decimalsOf = (currency: string): number | undefined => {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits
}

const example = (currency: string): string => (12.5).toFixed(decimalsOf(currency) ?? 2)
