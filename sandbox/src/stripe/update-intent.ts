import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import { captureMethods, checkAmount, currencyIn, knownParams, shippingIn } from './intent-params.ts'
import { loadIntent, unexpectedState } from './intent-state.ts'
import { mergeMetadata, optionalChoice, optionalInteger, optionalText, refuseUnknown } from './params.ts'
import { methodInCall } from './payment-method.ts'
import { save } from './store.ts'

const alwaysOpen = ['metadata', 'description', 'receipt_email', 'shipping', 'transfer_group', 'expand']
const open: string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const nullable = (given: string | undefined, current: string | null): string | null =>
  given === undefined ? current : given === '' ? null : given

export const updateIntent = ({ desk, form, id }: Call): Answer => {
  refuseUnknown(form, knownParams.update)
  const intent = loadIntent(desk, id)
  const fixed = Object.keys(form).find((name) => !alwaysOpen.includes(name))
  if (fixed !== undefined && !open.includes(intent.status))
    throw unexpectedState(
      intent,
      `This PaymentIntent's ${fixed} could not be updated because it has a status of ${intent.status}. You may only update the ${fixed} of a PaymentIntent with one of the following statuses: ${open.join(', ')}.`,
    )
  const currency = form['currency'] === undefined ? intent.currency : currencyIn(form)
  const method = methodInCall(desk, form)
  const updated: Stripe.PaymentIntent = {
    ...intent,
    amount: checkAmount(optionalInteger(form, 'amount') ?? intent.amount, currency),
    currency,
    capture_method: optionalChoice(form, 'capture_method', captureMethods) ?? intent.capture_method,
    description: nullable(optionalText(form, 'description'), intent.description),
    metadata: mergeMetadata(intent.metadata, form),
    receipt_email: nullable(optionalText(form, 'receipt_email'), intent.receipt_email),
    shipping: shippingIn(form) ?? intent.shipping,
    transfer_group: nullable(optionalText(form, 'transfer_group'), intent.transfer_group),
    ...(method !== undefined && {
      payment_method: method.id,
      next_action: null,
      status: 'requires_confirmation',
    }),
  }
  save(desk.ledger, updated)
  return ok(updated)
}
