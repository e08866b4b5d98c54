import type { Price } from '@comptoir/contracts/money'
import type { Locale } from '@comptoir/contracts/text'

const tags = { en: 'en-GB', fr: 'fr-FR' } as const satisfies Record<Locale, string>

/** An amount as people of the locale write it, with as many decimals as its currency has. */
export const formatMoney = (price: Price, locale: Locale): string => {
  const { format, unit } = formatOf(price.currency, locale)
  return format.format(price.amountMinor / unit)
}

interface Format {
  readonly format: Intl.NumberFormat
  /** Minor units in a major one. */
  readonly unit: number
}

// Making one costs more than the rest of a letter; there are as many as currencies and locales.
const formats = new Map<string, Format>()

const formatOf = (currency: string, locale: Locale): Format => {
  const key = `${currency} ${locale}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat(tags[locale], { style: 'currency', currency })
  const made = { format, unit: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) }
  formats.set(key, made)
  return made
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
