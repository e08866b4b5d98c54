import { KitConfig } from '@comptoir/service-kit/config'
import { SecretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'

export const Config = KitConfig.extend({
  /** How the shop calls itself in messages. */
  SHOP_NAME: z.string().min(1).max(60).default('Comptoir'),
  /** Where the links in letters about somebody’s account lead: the shop as its customers’ browsers reach it. */
  SHOP_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  /** Sender of e-mails: `shop@example.org` or `The Shop <shop@example.org>`. */
  MAIL_FROM: z.string().includes('@'),
  RESEND_API_KEY: SecretString,
  RESEND_BASE_URL: z.url().default('https://api.resend.com'),
  TWILIO_ACCOUNT_SID: z.string().min(1),
  TWILIO_AUTH_TOKEN: SecretString,
  TWILIO_API_BASE: z.url().default('https://api.twilio.com'),
  /** The number that SMS come from, in E.164. */
  TWILIO_FROM: z.string().min(1),
  /** Stretches the pauses between tries; tests make them short. */
  BACKOFF_SCALE: z.coerce.number().positive().default(1),
  /** When a message whose sender died is taken up again; longer than the two calls that a try makes at most. */
  MESSAGE_LEASE_MS: z.coerce.number().int().min(1_000).default(60_000),
})
export type Config = z.output<typeof Config>
