import { createApp } from './app.ts'
import { startAutoAdvance } from './carrier/auto-advance.ts'
import { systemClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { createRuleBook } from './faults/rule-book.ts'
import { openLedgers, type Ledgers } from './ledgers.ts'
import { openDesk } from './stripe/desk.ts'
import { startSettling } from './stripe/start-settling.ts'
import { signAsStandard, signAsStripe } from './webhooks/sign.ts'
import type { Channel } from './webhooks/channel.ts'
import { createWebhooks } from './webhooks/webhooks.ts'

export type Sandbox = { url: string; stop: () => Promise<void> }

const bodyMax = 8 * 1024 * 1024

const channelsOf = (config: Config, ledgers: Ledgers): Channel[] => [
  {
    name: 'stripe',
    ledger: ledgers.stripe,
    path: '/webhooks/stripe',
    sign: signAsStripe(config.STRIPE_WEBHOOK_SECRET),
    wants: subscription(config.STRIPE_WEBHOOK_EVENTS),
  },
  {
    name: 'carrier',
    ledger: ledgers.carrier,
    path: '/webhooks/carrier',
    sign: signAsStandard(config.CARRIER_WEBHOOK_SECRET),
    wants: () => true,
  },
]

const subscription = (events: string): ((type: string) => boolean) => {
  const types = new Set(events.split(',').map((type) => type.trim()))
  return (type) => types.has('*') || types.has(type)
}

export const startSandbox = (config: Config, clock: Clock = systemClock): Sandbox => {
  const ledgers = openLedgers(config.SANDBOX_DATA)
  const rules = createRuleBook()
  const webhooks = createWebhooks({
    channels: channelsOf(config, ledgers),
    rules,
    clock,
    target: config.GATEWAY_URL,
  })
  let url = ''
  const origin = (): string => config.SANDBOX_PUBLIC_URL?.replace(/\/$/, '') ?? url
  const desk = openDesk(
    { ledger: ledgers.stripe, clock, webhooks, origin },
    { id: null, idempotency_key: null },
  )
  const app = createApp({ config, clock, ledgers, house: { rules, webhooks }, origin, desk })
  const server = Bun.serve({
    hostname: config.HOST,
    port: config.SANDBOX_PORT,
    // A rule may hold an answer back for longer than any idle time the server knows.
    idleTimeout: 255,
    maxRequestBodySize: bodyMax,
    fetch: (request) => app.fetch(request),
  })
  url = `http://${config.HOST}:${server.port}`
  const stopSettling = startSettling(desk, webhooks, config.STRIPE_REFUND_SETTLE_MS)
  const stopAdvance = startAutoAdvance(
    { ledger: ledgers.carrier, clock, webhooks },
    config.CARRIER_AUTO_ADVANCE_MS,
  )
  webhooks.wake()
  return {
    url,
    stop: async () => {
      stopSettling()
      stopAdvance()
      await server.stop(true)
      await webhooks.stop()
      for (const ledger of Object.values(ledgers)) ledger.close()
    },
  }
}
