/** The rate limits as operators have set them. */
import { rateClasses, type RateLimits, type ShopSettings } from '@comptoir/contracts/settings'
import type { LiveSettings } from '@comptoir/service-kit/settings'

/** A function that tells the limits that hold at the moment of its call. */
export const liveLimits =
  (live: Pick<LiveSettings<ShopSettings>, 'get'>): (() => RateLimits) =>
  () =>
    // A record with a member for each class by construction; Object.fromEntries forgets the keys.
    Object.fromEntries(rateClasses.map((name) => [name, live.get(`rateLimits.${name}`)])) as RateLimits
