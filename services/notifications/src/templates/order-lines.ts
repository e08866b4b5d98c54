import type { Price } from '@comptoir/contracts/money'
import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { escapeHtml, formatMoney } from './format.ts'

const labels = {
  en: {
    caption: 'Your order',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    subtotal: 'Subtotal',
    delivery: 'Delivery',
    total: 'Total',
    tax: 'Tax included',
    colon: ':',
  },
  fr: {
    caption: 'Votre commande',
    item: 'Article',
    quantity: 'Quantité',
    price: 'Prix',
    subtotal: 'Sous-total',
    delivery: 'Livraison',
    total: 'Total',
    tax: 'TVA comprise',
    colon: ' :',
  },
} as const satisfies Record<Locale, object>

export const linesAsText = (order: OrderFacts, locale: Locale): string => {
  const lines = order.lines.map(
    ({ name, quantity, total }) => `${quantity} × ${name}  ${formatMoney(total, locale)}`,
  )
  const sums = sumsOf(order, locale).map(({ label, amount }) => `${label}${labels[locale].colon} ${amount}`)
  return [...lines, '', ...sums].join('\n')
}

export const linesAsHtml = (order: OrderFacts, locale: Locale): string => {
  const { caption, item, quantity, price } = labels[locale]
  const head = [item, quantity, price]
    .map((label) => `<th scope="col" style="${cell}">${label}</th>`)
    .join('')
  const lines = order.lines.map(
    (line) =>
      `<tr><td style="${cell}">${escapeHtml(line.name)}</td><td style="${cell}">${line.quantity}</td>` +
      `<td style="${cell}">${escapeHtml(formatMoney(line.total, locale))}</td></tr>`,
  )
  const sums = sumsOf(order, locale).map(
    ({ label, amount }) =>
      `<tr><th scope="row" colspan="2" style="${cell}">${escapeHtml(label)}</th>` +
      `<td style="${cell}">${escapeHtml(amount)}</td></tr>`,
  )
  return `<table style="width:100%;border-collapse:collapse">
<caption style="text-align:left;font-weight:bold">${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
<tfoot>
${sums.join('\n')}
</tfoot>
</table>`
}

const cell = 'padding:6px 8px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #d0d0d0'

const sumsOf = (order: OrderFacts, locale: Locale): { label: string; amount: string }[] => {
  const { subtotal, delivery, total, tax } = order.totals
  const of = (label: string, price: Price) => ({ label, amount: formatMoney(price, locale) })
  return [
    of(labels[locale].subtotal, subtotal),
    of(`${labels[locale].delivery} (${order.delivery})`, delivery),
    of(labels[locale].total, total),
    of(labels[locale].tax, tax),
  ]
}
