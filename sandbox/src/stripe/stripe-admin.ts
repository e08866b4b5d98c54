import { Hono, type Context } from 'hono'
import type { Stripe } from 'stripe'
import { AdminError } from '../faults/admin-error.ts'
import { inTransaction } from '../ledger.ts'
import { challengeDone, challengeOver, challengePage } from '../pages/challenge-page.ts'
import { wantsJson } from '../pages/layout.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { expireIntent } from './cancel-intent.ts'
import type { Desk } from './desk.ts'
import { loadIntent } from './intent-state.ts'
import { StripeError } from './stripe-error.ts'
import { completeChallenge, type Outcome } from './three-d-secure.ts'

const readOutcome = async (c: Context): Promise<{ outcome: Outcome; form: boolean }> => {
  const body = await c.req.text()
  const form =
    (c.req.header('content-type') ?? '').includes('application/x-www-form-urlencoded') && body !== ''
  const outcome = form ? new URLSearchParams(body).get('outcome') : outcomeIn(body)
  if (outcome !== 'approve' && outcome !== 'decline')
    throw new AdminError(400, 'outcome must be "approve" or "decline".')
  return { outcome, form }
}

const outcomeIn = (body: string): unknown => {
  if (body === '') return 'approve'
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'outcome' in value ? value.outcome : 'approve'
  } catch {
    return undefined
  }
}

// Back to the shop, as Stripe sends a customer back.
const returnTo = (intent: Stripe.PaymentIntent, returnUrl: string): string => {
  const url = new URL(returnUrl)
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '')
  url.searchParams.set(
    'redirect_status',
    intent.status === 'requires_payment_method' ? 'failed' : 'succeeded',
  )
  return url.href
}

const tell = (error: unknown): never => {
  if (!(error instanceof StripeError)) throw error
  throw new AdminError(error.status === 404 ? 404 : 409, error.message)
}

const attempt = <Result>(work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    return tell(error)
  }
}

export const stripeAdmin = (desk: Desk, webhooks: Webhooks): Hono => {
  const app = new Hono()
  app.get('/3ds/:id', (c) => {
    const intent = attempt(() => loadIntent(desk, c.req.param('id')))
    return intent.status === 'requires_action' ? challengePage(c, intent) : challengeOver(c, intent.status)
  })
  app.post('/3ds/:id/complete', async (c) => {
    const id = c.req.param('id')
    const { outcome, form } = await readOutcome(c)
    const returnUrl = attempt(() => loadIntent(desk, id)).next_action?.redirect_to_url?.return_url ?? null
    const intent = attempt(() => inTransaction(desk.ledger, () => completeChallenge(desk, id, outcome)))
    await webhooks.afterCommit()
    if (!form || wantsJson(c)) return c.json(intent)
    return returnUrl === null ? challengeDone(c, intent) : c.redirect(returnTo(intent, returnUrl), 303)
  })
  app.post('/stripe/:id/expire', async (c) => {
    const intent = attempt(() =>
      inTransaction(desk.ledger, () => {
        const held = loadIntent(desk, c.req.param('id'))
        if (held.status !== 'requires_capture')
          throw new AdminError(409, `The intent is ${held.status}; nothing is held.`)
        return expireIntent(desk, held)
      }),
    )
    await webhooks.afterCommit()
    return c.json(intent)
  })
  return app
}
