import type { Stripe } from 'stripe'
import { randomId } from '../random-id.ts'
import type { Desk } from './desk.ts'
import type { Form } from './form.ts'
import { group, optionalInteger, optionalText } from './params.ts'
import { find, save } from './store.ts'
import { StripeError } from './stripe-error.ts'
import { cardNamed, cardOfNumber, cardOfToken, type CardName } from './test-cards.ts'

const createMethod = (desk: Desk, name: CardName, data: Form): Stripe.PaymentMethod => {
  const card = cardNamed(name)
  const details = group(data, 'card') ?? {}
  const thisYear = new Date(desk.now() * 1000).getUTCFullYear()
  const billing = group(data, 'billing_details') ?? {}
  const method: Stripe.PaymentMethod = {
    id: randomId('pm_'),
    object: 'payment_method',
    billing_details: {
      address: null,
      email: optionalText(billing, 'email') ?? null,
      name: optionalText(billing, 'name') ?? null,
      phone: optionalText(billing, 'phone') ?? null,
      tax_id: null,
    },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'unchecked' },
      country: card.country,
      display_brand: card.brand,
      exp_month: optionalInteger(details, 'exp_month') ?? 12,
      exp_year: fullYear(optionalInteger(details, 'exp_year') ?? thisYear + 2),
      funding: name === 'visa_debit' ? 'debit' : 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: desk.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
  save(desk.ledger, method, name)
  return method
}

const fullYear = (year: number): number => (year < 100 ? 2000 + year : year)

const cardError = (code: string, param: string, message: string): StripeError =>
  new StripeError({ status: 402, type: 'card_error', code, param, message, executed: true })

const fromData = (desk: Desk, data: Form): Stripe.PaymentMethod => {
  const kind = optionalText(data, 'type')
  if (kind !== 'card')
    throw new StripeError({
      param: 'payment_method_data[type]',
      message: `The payment method type "${kind ?? ''}" is invalid.`,
    })
  const details = group(data, 'card') ?? {}
  const token = optionalText(details, 'token')
  if (token !== undefined) return fromToken(desk, token.replace(/^tok_/, 'pm_card_'))
  const number = (optionalText(details, 'number') ?? '').replaceAll(/[\s-]/g, '')
  const name = cardOfNumber(number)
  if (name === undefined) throw cardError('incorrect_number', 'number', 'Your card number is incorrect.')
  const month = optionalInteger(details, 'exp_month') ?? 12
  if (month < 1 || month > 12)
    throw cardError('invalid_expiry_month', 'exp_month', "Your card's expiration month is invalid.")
  const today = new Date(desk.now() * 1000)
  const year = fullYear(optionalInteger(details, 'exp_year') ?? today.getUTCFullYear() + 2)
  if (Date.UTC(year, month, 1) <= today.getTime() || year > today.getUTCFullYear() + 50)
    throw cardError('invalid_expiry_year', 'exp_year', "Your card's expiration year is invalid.")
  const cvc = optionalText(details, 'cvc')
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc))
    throw cardError('invalid_cvc', 'cvc', "Your card's security code is invalid.")
  return createMethod(desk, name, data)
}

const fromToken = (desk: Desk, token: string): Stripe.PaymentMethod => {
  const kept = find(desk.ledger, 'payment_method', token)
  if (kept !== undefined) return kept
  const name = cardOfToken(token)
  if (name === undefined)
    throw new StripeError({
      code: 'resource_missing',
      param: 'payment_method',
      message: `No such PaymentMethod: '${token}'`,
      executed: true,
    })
  return createMethod(desk, name, {})
}

// The payment method a call names: a kept one, a `pm_card_…` token, or card data as Stripe.js sends it.
export const methodInCall = (desk: Desk, form: Form): Stripe.PaymentMethod | undefined => {
  const data = group(form, 'payment_method_data')
  if (data !== undefined) return fromData(desk, data)
  const token = optionalText(form, 'payment_method')
  return token === undefined || token === '' ? undefined : fromToken(desk, token)
}
