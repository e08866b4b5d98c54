import { KitConfig } from '@comptoir/service-kit/config'
import { SecretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'

export const Config = KitConfig.extend({
  STRIPE_SECRET_KEY: SecretString,
  /** Given to the customer’s browser, so not a secret. */
  STRIPE_PUBLISHABLE_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: SecretString,
  STRIPE_API_BASE: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
  /** When a call to the provider whose caller died is taken up again; longer than two calls take at most. */
  OPERATION_LEASE_MS: z.coerce.number().int().min(1_000).default(30_000),
  /** After how long a payment that nobody told us about is asked about; it settles within twice as much. */
  RECONCILE_SECONDS: z.coerce.number().min(0.1).max(60).default(30),
})
export type Config = z.output<typeof Config>
