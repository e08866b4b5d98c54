import { createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedWebhook {
  readonly id: string
  /** Seconds since 1970, as signed. */
  readonly timestamp: string
  /** One or several `v1,<base64>`, separated by spaces. */
  readonly signatures: string
  readonly body: string
}

const toleranceSeconds = 300

/** Whether a webhook was signed with the secret within five minutes of now, in either direction (Standard Webhooks). */
export const isSigned = (webhook: SignedWebhook, secret: string, now: Date): boolean => {
  if (!/^\d{1,12}$/.test(webhook.timestamp)) return false
  if (Math.abs(now.getTime() / 1_000 - Number(webhook.timestamp)) > toleranceSeconds) return false
  const expected = createHmac('sha256', keyOf(secret))
    .update(`${webhook.id}.${webhook.timestamp}.${webhook.body}`)
    .digest()
  return webhook.signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .some((signature) => isSame(expected, Buffer.from(signature.slice(3), 'base64')))
}

const isSame = (expected: Buffer, given: Buffer): boolean =>
  expected.length === given.length && timingSafeEqual(expected, given)

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
