import { z } from 'zod'

const meets = {
  times: z.int().min(1).optional(),
  after: z.int().min(0).default(0),
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
}
const Status = z.int().min(400).max(599)

export const CallRule = z.strictObject({
  provider: z.enum(['stripe', 'resend', 'twilio', 'carrier', '*']),
  operation: z.string().default('*'),
  delayMs: z.int().min(0).max(600_000).default(0),
  fail: Status.optional(),
  failAfterEffect: Status.optional(),
  stores: z.enum(['failure', 'answer']).default('failure'),
  dropAnswer: z.boolean().default(false),
  ...meets,
})
export type CallRule = z.output<typeof CallRule>

export const Shuffle = z.strictObject({
  seed: z.int().default(1),
  hold: z.int().min(1).max(10_000).default(10),
  holdMs: z.int().min(1).max(600_000).default(1000),
})
export type Shuffle = z.output<typeof Shuffle>

export const WebhookRule = z.strictObject({
  webhooks: z.enum(['stripe', 'carrier', '*']),
  type: z.string().default('*'),
  duplicate: z.int().min(1).max(100).default(1),
  shuffle: Shuffle.optional(),
  delayMs: z.int().min(0).max(600_000).default(0),
  drop: z.boolean().default(false),
  beforeAnswer: z.boolean().default(false),
  ...meets,
})
export type WebhookRule = z.output<typeof WebhookRule>

export type Rule = CallRule | WebhookRule
