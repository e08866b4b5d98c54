/** Every live setting of the shop, with what holds unless an operator says otherwise. */
import { z } from 'zod'
import { setting } from './setting.ts'

/** So many requests of one client in a window of so many seconds. */
export const RateLimit = z.strictObject({
  quota: z.int().min(1).max(1_000_000),
  windowSeconds: z.int().min(1).max(86_400),
})
export type RateLimit = z.infer<typeof RateLimit>

/** The kinds of requests that are limited apart from each other. */
export const rateClasses = ['address', 'entry', 'read', 'write', 'webhook'] as const
export type RateClass = (typeof rateClasses)[number]
export type RateLimits = Readonly<Record<RateClass, RateLimit>>

const rateLimit = (quota: number, description: string) =>
  setting({
    schema: RateLimit,
    default: { quota, windowSeconds: 60 },
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
  'rateLimits.address': rateLimit(1_200, 'Everything that comes from one address.'),
  'rateLimits.entry': rateLimit(20, 'Writes of one address that need no credential, such as signing in.'),
  'rateLimits.read': rateLimit(600, 'Reads of one caller, or of one address where the caller is not known.'),
  'rateLimits.write': rateLimit(
    120,
    'Writes of one caller, or of one address where the caller is not known.',
  ),
  'rateLimits.webhook': rateLimit(6_000, 'What providers send from one address.'),
}

export type ShopSettings = typeof settings
