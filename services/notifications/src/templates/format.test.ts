import { expect, test } from 'bun:test'
import { escapeHtml, formatMoney } from './format.ts'

test.each([
  [{ amountMinor: 123_456, currency: 'GBP' }, 'en', '£1,234.56'],
  [{ amountMinor: 5, currency: 'GBP' }, 'en', '£0.05'],
  [{ amountMinor: 1_250, currency: 'JPY' }, 'en', 'JP¥1,250'],
  [{ amountMinor: 123_456, currency: 'EUR' }, 'fr', '1\u202f234,56\u00a0€'],
] as const)('writes %j in %s', (price, locale, text) => {
  expect(formatMoney(price, locale)).toBe(text)
})

test('leaves nothing in a text that HTML would read', () => {
  expect(escapeHtml(`<a href="x">Tom & 'Jo'</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jo&#39;&lt;/a&gt;',
  )
})
