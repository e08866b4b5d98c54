import type Stripe from 'stripe'
import { z } from 'zod'
import type { ProviderHint } from './provider.ts'

// An allowlist: events carry cards, names and client secrets, and none of these may be kept.
const Kept = z.object({
  id: z.string().optional(),
  object: z.string(),
  status: z.string().nullish(),
  amount: z.number().optional(),
  amount_received: z.number().optional(),
  amount_captured: z.number().optional(),
  amount_refunded: z.number().optional(),
  currency: z.string().optional(),
  created: z.number().optional(),
  payment_intent: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish(),
  cancellation_reason: z.string().nullish(),
  failure_code: z.string().nullish(),
  failure_reason: z.string().nullish(),
})

export const hintOf = (event: Stripe.Event): ProviderHint => {
  const object = Kept.parse(event.data.object)
  const ref = object.object === 'payment_intent' ? object.id : object.payment_intent
  return {
    eventId: event.id,
    type: event.type,
    ref: ref ?? null,
    raw: { id: event.id, type: event.type, created: event.created, object },
  }
}
