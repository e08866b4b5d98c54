import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Stripe } from 'stripe'
import { page } from './layout.ts'

const price = (intent: Stripe.PaymentIntent): string => {
  const format = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency: intent.currency.toUpperCase(),
  })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(intent.amount / 10 ** digits)
}

export const challengePage = (c: Context, intent: Stripe.PaymentIntent): Promise<Response> =>
  page(c, {
    title: 'Confirm your payment',
    body: html`<div class="card">
      <h1>Confirm your payment</h1>
      <p>Your bank asks whether you want to pay <strong>${price(intent)}</strong>.</p>
      <p class="quiet">This is the sandbox’s 3-D Secure page; no money moves.</p>
      <form method="post" action="/sandbox/3ds/${intent.id}/complete">
        <div class="actions">
          <button class="primary" name="outcome" value="approve">Approve</button>
          <button name="outcome" value="decline">Decline</button>
        </div>
      </form>
    </div>`,
  })

export const challengeOver = (c: Context, status: string): Promise<Response> =>
  page(c, {
    title: 'Payment',
    body: html`<div class="card">
      <h1>Nothing to confirm</h1>
      <p>This payment’s status is <strong>${status}</strong>. You can close this page.</p>
    </div>`,
    status: 409,
  })

export const challengeDone = (c: Context, intent: Stripe.PaymentIntent): Promise<Response> => {
  const declined = intent.status === 'requires_payment_method'
  return page(c, {
    title: 'Payment',
    body: html`<div class="card">
      <h1>${declined ? 'The payment was declined' : 'Thank you'}</h1>
      <p>You can close this page and go back to the shop.</p>
    </div>`,
  })
}
