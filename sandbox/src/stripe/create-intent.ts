import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { randomId } from '../random-id.ts'
import { ok, type Call } from './call.ts'
import { confirmIntent } from './confirm-intent.ts'
import type { Desk } from './desk.ts'
import type { Form } from './form.ts'
import {
  captureMethods,
  checkAmount,
  currencyIn,
  knownParams,
  returnUrlIn,
  shippingIn,
} from './intent-params.ts'
import {
  group,
  mergeMetadata,
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalText,
  refuseUnknown,
  texts,
} from './params.ts'
import { methodInCall } from './payment-method.ts'
import { save } from './store.ts'
import { missing } from './stripe-error.ts'

const newIntent = (desk: Desk, form: Form): Stripe.PaymentIntent => {
  const id = randomId('pi_')
  const amount = optionalInteger(form, 'amount')
  if (amount === undefined) throw missing('amount')
  const currency = currencyIn(form)
  const types = texts(form, 'payment_method_types')
  const automatic =
    group(form, 'automatic_payment_methods') ?? (types.length === 0 ? { enabled: 'true' } : undefined)
  const redirects = automatic && optionalChoice(automatic, 'allow_redirects', ['always', 'never'])
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: checkAmount(amount, currency),
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      automatic === undefined
        ? null
        : { enabled: optionalBoolean(automatic, 'enabled') ?? true, allow_redirects: redirects ?? 'always' },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: optionalChoice(form, 'capture_method', captureMethods) ?? 'automatic_async',
    client_secret: `${id}_secret_${randomId('', 25)}`,
    confirmation_method: optionalChoice(form, 'confirmation_method', ['automatic', 'manual']) ?? 'automatic',
    created: desk.now(),
    currency,
    customer: optionalText(form, 'customer') ?? null,
    customer_account: null,
    description: optionalText(form, 'description') ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, form),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: types.length === 0 ? ['card'] : types,
    payment_record: null,
    processing: null,
    receipt_email: optionalText(form, 'receipt_email') ?? null,
    review: null,
    setup_future_usage: optionalChoice(form, 'setup_future_usage', ['off_session', 'on_session']) ?? null,
    shipping: shippingIn(form),
    source: null,
    statement_descriptor: optionalText(form, 'statement_descriptor') ?? null,
    statement_descriptor_suffix: optionalText(form, 'statement_descriptor_suffix') ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: optionalText(form, 'transfer_group') ?? null,
  }
}

export const createIntent = (call: Call): Answer => {
  const { desk, form } = call
  refuseUnknown(form, knownParams.create)
  returnUrlIn(form)
  const fresh = newIntent(desk, form)
  const method = methodInCall(desk, form)
  const intent: Stripe.PaymentIntent =
    method === undefined ? fresh : { ...fresh, payment_method: method.id, status: 'requires_confirmation' }
  save(desk.ledger, intent)
  desk.emit('payment_intent.created', intent)
  if (optionalBoolean(form, 'confirm') !== true) return ok(intent)
  return confirmIntent({ ...call, id: intent.id, form: confirmOnly(form) })
}

const confirmOnly = (form: Form): Form => {
  const { payment_method_data: _used, ...rest } = form
  return Object.fromEntries(
    Object.entries(rest).filter(([name]) => name !== 'payment_method' && knownParams.confirm.includes(name)),
  )
}
