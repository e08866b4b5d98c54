/** /webhooks: what providers send, handed raw to the service that can check the signature. */
import { commonError } from '@comptoir/contracts/errors'
import type { IncomingWebhook } from '@comptoir/contracts/payments/model'
import { Hono, type Context } from 'hono'
import { readBody } from '../body.ts'
import type { EdgeEnv } from '../edge-context.ts'

export interface WebhooksFaceOptions {
  readonly bodyMaxBytes: number
  readonly stripe: (webhook: IncomingWebhook) => Promise<unknown>
  readonly carrier: (webhook: IncomingWebhook) => Promise<unknown>
}

export const webhooksFace = ({ bodyMaxBytes, stripe, carrier }: WebhooksFaceOptions): Hono<EdgeEnv> =>
  new Hono<EdgeEnv>()
    .post('/stripe', async (c) => {
      await stripe(await read(c, bodyMaxBytes, ['stripe-signature']))
      return c.json({ received: true })
    })
    .post('/carrier', async (c) => {
      await carrier(await read(c, bodyMaxBytes, ['webhook-id', 'webhook-timestamp', 'webhook-signature']))
      return c.json({ received: true })
    })

const read = async (
  c: Context<EdgeEnv>,
  maxBytes: number,
  names: readonly string[],
): Promise<IncomingWebhook> => {
  const bytes = await readBody(c, maxBytes)
  const headers = Object.fromEntries(
    names.flatMap((name) => {
      const value = c.req.header(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return { body: decode(bytes), headers }
}

/** The signature covers bytes: text that is not UTF-8 could not be handed on unchanged. */
const decode = (bytes: Uint8Array | undefined): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw commonError('MALFORMED_REQUEST', { message: 'The body is not UTF-8.' })
  }
}
