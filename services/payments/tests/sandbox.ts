import {
  answerOf,
  type SandboxProcess,
  startSandboxProcess,
} from '@comptoir/service-kit/testing/sandbox-process'
import { z } from 'zod'

const Ledger = z.object({
  intents: z.array(
    z.object({ id: z.string(), status: z.string(), metadata: z.record(z.string(), z.string()) }),
  ),
  authorizations: z.array(z.object({ intent: z.string().nullable(), amount: z.number(), open: z.boolean() })),
  captures: z.array(z.object({ intent: z.string().nullable(), amount: z.number() })),
  refunds: z.array(
    z.object({ id: z.string(), intent: z.string().nullable(), amount: z.number(), status: z.string() }),
  ),
})
type StripeLedger = z.output<typeof Ledger>

export interface Sandbox extends SandboxProcess {
  /** What really happened at the provider to the money of one order. */
  ledgerOf(orderId: string): Promise<StripeLedger>
  /** Confirms as Stripe.js does in the customer's browser. */
  confirm(intentId: string, clientSecret: string, card?: string): Promise<Response>
  /** Cancels or captures as somebody would at Stripe's dashboard. */
  atDashboard(path: string, form?: Record<string, string>): Promise<unknown>
  aimWebhooks(url: string | null): Promise<unknown>
}

/** The stand-in of Stripe. */
export const startSandbox = async (): Promise<Sandbox> => {
  const sandbox = await startSandboxProcess({ STRIPE_REFUND_SETTLE_MS: '50' })
  const { url, ask } = sandbox
  return {
    ...sandbox,
    ledgerOf: async (orderId) => pick(Ledger.parse(await ask('GET', '/sandbox/ledger/stripe')), orderId),
    confirm: (intentId, clientSecret, card = 'pm_card_visa') =>
      fetch(`${url}/v1/payment_intents/${intentId}/confirm`, {
        method: 'POST',
        body: new URLSearchParams({
          key: 'pk_test_sandbox',
          client_secret: clientSecret,
          payment_method: card,
        }),
      }),
    atDashboard: (path, form = {}) =>
      answerOf(
        fetch(`${url}/v1/${path}`, {
          method: 'POST',
          headers: { authorization: 'Bearer sk_test_sandbox' },
          body: new URLSearchParams(form),
        }),
      ),
    aimWebhooks: (gatewayUrl) => ask('PUT', '/sandbox/webhooks/target', { gatewayUrl }),
  }
}

const pick = (ledger: StripeLedger, orderId: string): StripeLedger => {
  const intents = ledger.intents.filter(({ metadata }) => metadata['orderId'] === orderId)
  const ids = new Set(intents.map(({ id }) => id))
  const own = ({ intent }: { intent: string | null }) => intent !== null && ids.has(intent)
  return {
    intents,
    authorizations: ledger.authorizations.filter(own),
    captures: ledger.captures.filter(own),
    refunds: ledger.refunds.filter(own),
  }
}
