import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

export interface Sandbox {
  readonly url: string
  /** Has calls or webhooks go wrong as the sandbox's README describes. */
  fault(rule: Record<string, unknown>): Promise<void>
  clearFaults(): Promise<void>
  /** What really happened at the provider to the money of one order. */
  ledgerOf(orderId: string): Promise<StripeLedger>
  /** Confirms as Stripe.js does in the customer's browser. */
  confirm(intentId: string, clientSecret: string, card?: string): Promise<Response>
  /** Cancels or captures as somebody would at Stripe's dashboard. */
  atDashboard(path: string, form?: Record<string, string>): Promise<unknown>
  post(path: string, body?: unknown): Promise<unknown>
  aimWebhooks(url: string | null): Promise<unknown>
  stop(): Promise<void>
}

/** Starts the stand-in of Stripe as a process of its own, on a free port and with an empty ledger. */
export const startSandbox = async (): Promise<Sandbox> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-sandbox-'))
  const main = fileURLToPath(new URL('../../../sandbox/src/main.ts', import.meta.url))
  const child = Bun.spawn([process.execPath, main], {
    env: {
      PATH: process.env['PATH'],
      SANDBOX_PORT: '0',
      SANDBOX_DATA: folder,
      STRIPE_REFUND_SETTLE_MS: '50',
    },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const url = await listeningUrl(child.stdout)
  const post = (path: string, body: unknown = {}) =>
    answerOf(fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) }))
  return {
    url,
    post,
    fault: async (rule) => {
      await post('/sandbox/faults', rule)
    },
    clearFaults: async () => {
      await fetch(`${url}/sandbox/faults`, { method: 'DELETE' })
    },
    ledgerOf: async (orderId) =>
      pick(Ledger.parse(await answerOf(fetch(`${url}/sandbox/ledger/stripe`))), orderId),
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
    aimWebhooks: (gatewayUrl) =>
      answerOf(
        fetch(`${url}/sandbox/webhooks/target`, { method: 'PUT', body: JSON.stringify({ gatewayUrl }) }),
      ),
    stop: async () => {
      child.kill()
      await child.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const answerOf = async (request: Promise<Response>): Promise<unknown> => {
  const response = await request
  const text = await response.text()
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
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

const listeningUrl = async (output: ReadableStream<Uint8Array>): Promise<string> => {
  let text = ''
  const decoder = new TextDecoder()
  const reader = output.getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error('The sandbox ended before it listened')
    text += decoder.decode(value, { stream: true })
    const url = /"url":"([^"]+)"/.exec(text)?.[1]
    if (url === undefined) continue
    // What it prints later is of no interest, and must not fill the pipe.
    reader.releaseLock()
    void output.pipeTo(new WritableStream())
    return url
  }
}
