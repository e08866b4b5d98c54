import type { Stripe } from 'stripe'
import type { Form } from './form.ts'
import { group, optionalText, text } from './params.ts'
import { StripeError } from './stripe-error.ts'

const minimums: Record<string, number> = { gbp: 30, usd: 50, eur: 50, chf: 50, cad: 50, aud: 50, jpy: 50 }
const amountMax = 99_999_999

export const captureMethods = ['automatic', 'automatic_async', 'manual'] as const

export const currencyIn = (form: Form): string => {
  const currency = text(form, 'currency').toLowerCase()
  if (!/^[a-z]{3}$/.test(currency))
    throw new StripeError({ param: 'currency', message: `Invalid currency: ${currency}.` })
  return currency
}

export const checkAmount = (amount: number, currency: string): number => {
  if (amount < 1)
    throw new StripeError({
      code: 'parameter_invalid_integer',
      param: 'amount',
      message: 'This value must be greater than or equal to 1.',
    })
  if (amount < (minimums[currency] ?? 50))
    throw new StripeError({
      code: 'amount_too_small',
      param: 'amount',
      message: `Amount must be at least the minimum charge amount for ${currency}.`,
    })
  if (amount > amountMax)
    throw new StripeError({
      code: 'amount_too_large',
      param: 'amount',
      message: 'Amount must be no more than $999,999.99',
    })
  return amount
}

export const returnUrlIn = (form: Form): string | null => {
  const url = optionalText(form, 'return_url')
  if (url === undefined) return null
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    throw new StripeError({ code: 'url_invalid', param: 'return_url', message: 'Not a valid URL' })
  return url
}

export const shippingIn = (form: Form): Stripe.PaymentIntent.Shipping | null => {
  const shipping = group(form, 'shipping')
  if (shipping === undefined) return null
  const address = group(shipping, 'address') ?? {}
  const part = (name: string): string | null => optionalText(address, name) ?? null
  return {
    address: {
      city: part('city'),
      country: part('country'),
      line1: part('line1'),
      line2: part('line2'),
      postal_code: part('postal_code'),
      state: part('state'),
    },
    carrier: optionalText(shipping, 'carrier') ?? null,
    name: text(shipping, 'name'),
    phone: optionalText(shipping, 'phone') ?? null,
    tracking_number: optionalText(shipping, 'tracking_number') ?? null,
  }
}

const common = [
  'allowed_payment_method_types',
  'amount_details',
  'excluded_payment_method_types',
  'expand',
  'hooks',
  'payment_details',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'capture_method',
]

const described = [
  'amount',
  'currency',
  'application_fee_amount',
  'customer',
  'customer_account',
  'description',
  'metadata',
  'payment_method_configuration',
  'payment_method_types',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
]

const confirming = [
  'confirmation_token',
  'error_on_requires_action',
  'mandate',
  'mandate_data',
  'off_session',
  'radar_options',
  'return_url',
  'use_stripe_sdk',
]

// Every parameter the API names; what is not acted on here is accepted and ignored.
export const knownParams = {
  create: [
    ...common,
    ...described,
    ...confirming,
    'automatic_payment_methods',
    'confirm',
    'confirmation_method',
    'on_behalf_of',
  ],
  update: [...common, ...described],
  confirm: [
    ...common,
    ...confirming,
    'amount_to_confirm',
    'client_secret',
    'key',
    'payment_method_types',
    'expected_payment_method_type',
  ],
  capture: [
    'amount_details',
    'amount_to_capture',
    'application_fee_amount',
    'expand',
    'final_capture',
    'hooks',
    'metadata',
    'payment_details',
    'statement_descriptor',
    'statement_descriptor_suffix',
    'transfer_data',
  ],
  cancel: ['cancellation_reason', 'expand'],
}
