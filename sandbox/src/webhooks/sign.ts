import { createHmac } from 'node:crypto'
import { seconds } from '../clock.ts'

type Signed = Record<string, string>
export type Sign = (message: { id: string; body: string; now: number }) => Signed

// Stripe uses the whole secret, prefix included, as the key.
export const signAsStripe =
  (secret: string): Sign =>
  ({ body, now }) => {
    const time = seconds(now)
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return { 'stripe-signature': `t=${time},v1=${signature}` }
  }

// Standard Webhooks: the key is what follows `whsec_`, in base64.
export const signAsStandard =
  (secret: string): Sign =>
  ({ id, body, now }) => {
    const key = secret.startsWith('whsec_')
      ? Buffer.from(secret.slice(6), 'base64')
      : Buffer.from(secret, 'utf8')
    const time = seconds(now)
    const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': `v1,${signature}` }
  }
