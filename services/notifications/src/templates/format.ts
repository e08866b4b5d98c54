import type { Price } from '@comptoir/contracts/money'
import type { Locale } from '@comptoir/contracts/text'

const tags = { en: 'en-GB', fr: 'fr-FR' } as const satisfies Record<Locale, string>

/** An amount as people of the locale write it, with as many decimals as its currency has. */
export const formatMoney = (price: Price, locale: Locale): string => {
  const format = new Intl.NumberFormat(tags[locale], { style: 'currency', currency: price.currency })
  return format.format(price.amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
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
