/** Every live setting of the shop, with what holds unless an operator says otherwise. */
import { z } from 'zod'
import { setting } from './setting.ts'

/** So many requests of one caller in any window of so many seconds. */
export const RateLimit = z.strictObject({
  limit: z.int().min(1).max(1_000_000),
  windowSeconds: z.int().min(1).max(86_400),
})
export type RateLimit = z.infer<typeof RateLimit>

/** The kinds of traffic that are limited apart from each other. */
export const rateClasses = ['checkout', 'account', 'browse', 'crawl', 'credentials'] as const
export type RateClass = (typeof rateClasses)[number]
export type RateLimits = Readonly<Record<RateClass, RateLimit>>

const limit = (description: string, limit: number) =>
  setting({
    schema: RateLimit,
    default: { limit, windowSeconds: 60 },
    unit: 'requests per window',
    description,
  })

export const settings = {
  'payment.timeoutMinutes': setting({
    schema: z.int().min(1).max(10_080),
    default: 30,
    unit: 'minutes',
    description: 'How long an order that is placed from now on waits for its payment before it is cancelled.',
  }),
  'shop.acceptsOrders': setting({
    schema: z.boolean(),
    default: true,
    description: 'Whether new orders are taken; where not, placing one answers 503 and all else goes on.',
  }),
  'features.apiDescription': setting({
    schema: z.boolean(),
    default: true,
    description: 'Whether the edge offers the description of its REST operations at /openapi.json.',
  }),
  'rateLimits.checkout': limit('Requests of one caller about carts, orders and payments.', 300),
  'rateLimits.account': limit('Requests of one caller about accounts, deliveries and messages.', 300),
  'rateLimits.browse': limit('Requests of one caller that read the catalogue.', 600),
  'rateLimits.crawl': limit('Requests of one caller that reads without a credential and in bulk.', 120),
  'rateLimits.credentials': limit('Attempts of one caller to sign in, to register or to refresh.', 20),
}

export type ShopSettings = typeof settings
