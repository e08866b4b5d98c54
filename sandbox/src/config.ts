import { z } from 'zod'

export const Config = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  HOST: z.string().default('127.0.0.1'),
  SANDBOX_DATA: z.string().default('.comptoir/sandbox'),
  SANDBOX_PUBLIC_URL: z.url().optional(),
  GATEWAY_URL: z.url().optional(),
  STRIPE_SECRET_KEY: z.string().default('sk_test_sandbox'),
  STRIPE_PUBLISHABLE_KEY: z.string().default('pk_test_sandbox'),
  STRIPE_WEBHOOK_SECRET: z.string().default('whsec_sandbox'),
  /** What the endpoint has subscribed to, as in Stripe's dashboard: types joined by commas, or * for all. */
  STRIPE_WEBHOOK_EVENTS: z.string().default('*'),
  STRIPE_REFUND_SETTLE_MS: z.coerce.number().int().min(0).default(1000),
  RESEND_API_KEY: z.string().default('re_sandbox'),
  TWILIO_ACCOUNT_SID: z.string().default(`AC${'0'.repeat(32)}`),
  TWILIO_AUTH_TOKEN: z.string().default('twilio_sandbox'),
  CARRIER_API_KEY: z.string().default('ck_sandbox'),
  CARRIER_WEBHOOK_SECRET: z.string().default('whsec_c2FuZGJveC1jYXJyaWVyLXNlY3JldA=='),
  CARRIER_AUTO_ADVANCE_MS: z.coerce.number().int().min(0).default(0),
})

export type Config = z.output<typeof Config>
