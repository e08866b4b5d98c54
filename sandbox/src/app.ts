import { Hono } from 'hono'
import { z } from 'zod'
import { carrierAdmin } from './carrier/carrier-admin.ts'
import { carrierLedger } from './carrier/carrier-ledger.ts'
import { carrierRoutes } from './carrier/carrier-routes.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { AdminError } from './faults/admin-error.ts'
import { faultRoutes } from './faults/fault-routes.ts'
import { readBody } from './faults/read-body.ts'
import { clearLedger } from './ledger.ts'
import type { Ledgers } from './ledgers.ts'
import { mailboxPages } from './pages/mailbox-page.ts'
import { phonePages } from './pages/phone-page.ts'
import type { House } from './perform.ts'
import { listMail } from './resend/mail-table.ts'
import { resendRoutes } from './resend/resend-routes.ts'
import type { Desk } from './stripe/desk.ts'
import { stripeAdmin } from './stripe/stripe-admin.ts'
import { stripeLedger } from './stripe/stripe-ledger.ts'
import { stripeRoutes } from './stripe/stripe-routes.ts'
import { listSms } from './twilio/sms-table.ts'
import { twilioRoutes } from './twilio/twilio-routes.ts'
import { webhookAdmin } from './webhooks/webhook-admin.ts'

type Parts = {
  config: Config
  clock: Clock
  ledgers: Ledgers
  house: House
  origin: () => string
  desk: Desk
}

const Reset = z.strictObject({ state: z.boolean().default(false) })

const adminRoutes = ({ clock, ledgers, house, desk }: Parts): Hono => {
  const { rules, webhooks } = house
  const app = new Hono()
  app.route('/faults', faultRoutes(rules))
  app.route('/webhooks', webhookAdmin(webhooks, clock))
  app.route('/carrier', carrierAdmin({ ledger: ledgers.carrier, clock, webhooks }))
  app.route('/', stripeAdmin(desk, webhooks))
  app.get('/ledger/stripe', (c) => c.json(stripeLedger(ledgers.stripe)))
  app.get('/ledger/resend', (c) => c.json({ emails: listMail(ledgers.resend, undefined).toReversed() }))
  app.get('/ledger/twilio', (c) => c.json({ messages: listSms(ledgers.twilio, {}).toReversed() }))
  app.get('/ledger/carrier', (c) => c.json(carrierLedger(ledgers.carrier)))
  app.post('/reset', async (c) => {
    const { state } = await readBody(c, Reset)
    rules.clear()
    if (state) Object.values(ledgers).forEach(clearLedger)
    return c.json({ rules: 'cleared', state: state ? 'cleared' : 'kept' })
  })
  return app
}

export const createApp = (parts: Parts): Hono => {
  const { config, clock, ledgers, house, origin } = parts
  const app = new Hono()
  app.onError((error, c) => {
    if (error instanceof AdminError) return c.json({ error: { message: error.message } }, error.status)
    console.error(
      JSON.stringify({ level: 'error', msg: 'request failed', path: c.req.path, error: error.stack }),
    )
    return c.json({ error: { type: 'api_error', message: 'The sandbox itself failed.' } }, 500)
  })
  app.notFound((c) => c.json({ error: { message: 'There is nothing here.' } }, 404))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/', (c) => c.redirect('/mailbox'))
  const keys = { secret: config.STRIPE_SECRET_KEY, publishable: config.STRIPE_PUBLISHABLE_KEY }
  app.route('/', stripeRoutes({ ledger: ledgers.stripe, clock, house, origin, keys }))
  app.route('/resend', resendRoutes({ ledger: ledgers.resend, clock, house, apiKey: config.RESEND_API_KEY }))
  const account = { accountSid: config.TWILIO_ACCOUNT_SID, authToken: config.TWILIO_AUTH_TOKEN }
  app.route('/twilio', twilioRoutes({ ledger: ledgers.twilio, clock, house, ...account }))
  const depot = { ledger: ledgers.carrier, clock, webhooks: house.webhooks }
  app.route('/carrier', carrierRoutes({ depot, house, origin, apiKey: config.CARRIER_API_KEY }))
  app.route('/mailbox', mailboxPages(ledgers.resend))
  app.route('/phone', phonePages(ledgers.twilio))
  app.route('/sandbox', adminRoutes(parts))
  return app
}
