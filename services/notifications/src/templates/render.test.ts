import { describe, expect, test } from 'bun:test'
import { Locale } from '@comptoir/contracts/text'
import { messages, type Plan } from '../domain/messages.ts'
import type { OrderFacts, Payload, Template } from '../domain/payload.ts'
import type { Letter } from './letter.ts'
import { renderLinked } from './render-linked.ts'
import { renderEmail, renderSms } from './render.ts'

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const order: OrderFacts = {
  number: 'C-1042',
  lines: [{ name: 'Mug <b>"red"</b> & blue', quantity: 2, total: gbp(1_998) }],
  totals: { currency: 'GBP', subtotal: gbp(1_998), delivery: gbp(399), tax: gbp(400), total: gbp(2_397) },
  delivery: 'Standard',
  cancelReason: 'payment_timeout',
}
const payment = { number: 'C-1042', amount: gbp(2_397) }
const parcel = {
  number: 'C-1042',
  carrier: 'Post',
  trackingNumber: 'TRK123456',
  trackingUrl: 'https://carrier.example/t?n=TRK123456&l=en',
}
const google = { name: 'Ada', provider: 'Google', passwordRemoved: false }
const remaining = { name: 'Ada', providers: ['Google', 'The First'], machines: ['Warehouse <1>'] }
const letterId = crypto.randomUUID()
const url = 'https://shop.example/account/verify-email#token=ev_1'
/** As the sender would have it written. */
const rendered = (payload: Payload, locale: Locale, shopName: string): Letter =>
  'letterId' in payload
    ? renderLinked(payload, locale, { url, shopName })
    : renderEmail(payload, locale, shopName)

const payloads: Readonly<Record<Template, Payload>> = {
  welcome: { template: 'welcome', name: 'Ada' },
  'password-changed': { template: 'password-changed', name: 'Ada' },
  'signed-out-everywhere': { ...remaining, template: 'signed-out-everywhere' },
  'email-change-announced': { template: 'email-change-announced', name: 'Ada' },
  'provider-linked': { ...google, template: 'provider-linked' },
  'provider-unlinked': { ...google, template: 'provider-unlinked' },
  'second-factor-enrolled': { template: 'second-factor-enrolled', name: 'Ada' },
  'second-factor-removed': { template: 'second-factor-removed', name: 'Ada' },
  'confirm-email': { template: 'confirm-email', name: 'Ada', letterId },
  'verify-email': { template: 'verify-email', name: 'Ada', letterId },
  'reset-password': { template: 'reset-password', name: 'Ada', letterId },
  'order-received': { template: 'order-received', order },
  'order-confirmed': { template: 'order-confirmed', order },
  'order-prepared': { template: 'order-prepared', order },
  'order-shipped': { template: 'order-shipped', parcel },
  'order-delivered': { template: 'order-delivered', order },
  'order-cancelled': { template: 'order-cancelled', order },
  'payment-failed': { template: 'payment-failed', payment },
  'payment-refunded': { template: 'payment-refunded', payment },
}
const plans: (Plan | null)[] = Object.values(messages)
const cases = plans.flatMap((plan) =>
  plan === null ? [] : Locale.options.map((locale) => ({ plan, locale })),
)

describe.each(cases)('$plan.template in $locale', ({ plan, locale }) => {
  const payload = payloads[plan.template]

  test('is a whole letter, in text and in HTML', () => {
    const { subject, text, html } = rendered(payload, locale, 'The Shop')
    expect(html).toContain(`<html lang="${locale}">`)
    expect(html).toContain(`<h1`)
    expect(text).toEndWith('The Shop')
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|NaN|\[object/)
  })

  test('names the order it is about', () => {
    if ('name' in payload) return
    expect(rendered(payload, locale, 'The Shop').subject).toContain('C-1042')
    if (plan.channels.includes('sms')) expect(renderSms(payload, locale, 'The Shop')).toContain('C-1042')
  })
})

test('a letter about an account has its link in both forms', () => {
  const { text, html } = rendered(payloads['verify-email'], 'fr', 'The Shop')
  expect(text).toContain(url)
  expect(html).toContain(`href="${url}"`)
})

test('that a password works no more is said where one was taken away, and nowhere else', () => {
  const linked = (passwordRemoved: boolean, locale: Locale) =>
    rendered({ ...google, template: 'provider-linked', passwordRemoved }, locale, 'The Shop').text
  expect([linked(true, 'en'), linked(true, 'fr')]).toEqual([
    expect.stringContaining('ask for a new password'),
    expect.stringContaining('demandez un nouveau mot de passe'),
  ])
  expect(linked(false, 'en')).not.toContain('works no more')
  expect(linked(false, 'fr')).not.toContain('ne fonctionne plus')
})

test.each(['password-changed', 'signed-out-everywhere'] as const)(
  '%s names what still lets in and how to remove it, in both languages, and is silent where nothing does',
  (template) => {
    const told = (payload: Payload, locale: Locale) => rendered(payload, locale, 'The Shop')
    const { text, html } = told({ ...remaining, template }, 'en')
    expect(text).toContain('“Google”, “The First”')
    expect(text).toContain('unlink it')
    expect(text).toContain('“Warehouse <1>”')
    expect(text).toContain('revoke it')
    expect(html).toContain('“Warehouse &lt;1&gt;”')
    const french = told({ ...remaining, template }, 'fr').text
    expect(french).toContain('« Google », « The First »')
    expect(french).toContain('supprimez ce lien')
    expect(french).toContain('révoquez-le')
    // As an earlier version has kept it.
    for (const silent of [
      { template, name: 'Ada' },
      { template, name: 'Ada', providers: [], machines: [] },
    ])
      for (const locale of Locale.options) {
        const letter = told(silent, locale).text
        expect(letter).not.toMatch(/unlink|revoke|lié|révoque/)
        expect(letter.split('\n\n')).toHaveLength(4)
      }
  },
)

test.each([
  ['A”. Your account is locked', 'A’. Your account is locked'],
  ['a "b" «c» ‹d› „e‟ ＂f＂', 'a ’b’ ’c’ ’d’ ’e’ ’f’'],
  ['https://evil.example/x', 'https: //evil. example/x'],
  ['WWW．Evil。example', 'WWW. Evil。 example'],
  ['me@evil.example', 'me@ evil. example'],
  ['\u202Etxt\u2069', 'txt'],
  ['Ada’s laptop, 2nd (CI/CD)', 'Ada’s laptop, 2nd (CI/CD)'],
])('a key that somebody has called %s neither ends its quotes nor becomes a link', (name, told) => {
  const payload = { template: 'password-changed', name: 'Ada', machines: [name] } as const
  const { text, html } = renderEmail(payload, 'en', 'The Shop')
  expect(text).toContain(`: “${told}”. If you do not`)
  expect(html).toContain(`“${told}”`)
})

test('no letter makes a link of the name that somebody has given themselves', () => {
  const name = 'You have won, see https://evil.example”'
  const verify = { template: 'verify-email', name, letterId } as const
  const at = { url: 'https://shop.example/verify', shopName: 'The Shop' }
  for (const locale of ['en', 'fr'] as const) {
    const letters = [
      renderEmail({ template: 'welcome', name }, locale, 'The Shop'),
      renderLinked(verify, locale, at),
    ]
    for (const { text } of letters) {
      expect(text).toContain('https: //evil. example’')
      expect(text).not.toContain('evil.example')
    }
  }
})

test('a letter names ten keys at most, and how many more there are', () => {
  const machines = Array.from({ length: 12 }, (_, nth) => `Key ${nth + 1}`)
  const told = (locale: Locale) =>
    renderEmail({ template: 'password-changed', name: 'Ada', machines }, locale, 'The Shop').text
  expect(told('en')).toContain('“Key 10” and at least 2 more.')
  expect(told('fr')).toContain('« Key 10 » et au moins 2 de plus.')
  expect(told('en')).not.toContain('Key 11')
})

test('lines and totals are in both forms, and what people wrote is escaped', () => {
  const { text, html } = rendered(payloads['order-confirmed'], 'en', 'Tom & Co')
  expect(text).toContain('2 × Mug <b>"red"</b> & blue  £19.98')
  expect(text).toContain('Delivery (Standard): £3.99')
  expect(text).toContain('Total: £23.97')
  expect(html).toContain('Mug &lt;b&gt;&quot;red&quot;&lt;/b&gt; &amp; blue')
  expect(html).toContain('<th scope="row" colspan="2"')
  expect(html).toContain('Tom &amp; Co')
})

test('amounts are written the French way in French', () => {
  expect(rendered(payloads['payment-refunded'], 'fr', 'The Shop').text).toContain('23,97\u00a0£')
})

test('the parcel comes with its number and its link', () => {
  const { text, html } = rendered(payloads['order-shipped'], 'en', 'The Shop')
  expect(text).toContain('TRK123456')
  expect(html).toContain('href="https://carrier.example/t?n=TRK123456&amp;l=en"')
  expect(renderSms(payloads['order-shipped'], 'en', 'The Shop')).toBe(
    'The Shop: your order C-1042 is on its way. Tracking number TRK123456. https://carrier.example/t?n=TRK123456&l=en',
  )
})

test('a link that is not of the web is left out', () => {
  const bad: Payload = {
    template: 'order-shipped',
    parcel: { ...parcel, trackingUrl: 'javascript:alert(1)' },
  }
  expect(rendered(bad, 'en', 'The Shop').html).not.toContain('javascript:')
})

test('says why an order was cancelled', () => {
  expect(rendered(payloads['order-cancelled'], 'en', 'The Shop').text).toContain('not paid in time')
  expect(rendered(payloads['order-cancelled'], 'fr', 'The Shop').text).toContain('pas été payée à temps')
})
