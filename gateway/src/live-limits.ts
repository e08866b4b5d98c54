/** The limits of the edge as operators have set them. */
import { rateClasses, type RateLimits, type ShopSettings } from '@comptoir/contracts/settings'
import type { LiveSettings } from '@comptoir/service-kit/settings'
import { defaultLimits, scaledLimits, type Limits } from './protection/limits.ts'

/**
 * A function that tells the limits that hold at the moment of its call: it is asked at every request, so they are put
 * together anew only when one of them has changed.
 */
export const liveLimits = (
  live: Pick<LiveSettings<ShopSettings>, 'get' | 'onChange'>,
  scale: Parameters<typeof scaledLimits>[1],
): (() => Limits) => {
  const now = () => scaledLimits({ ...defaultLimits, rates: ratesOf(live) }, scale)
  let limits = now()
  const renew = () => {
    limits = now()
  }
  for (const name of rateClasses) live.onChange(`rateLimits.${name}`, renew)
  return () => limits
}

// A record with a member for each class by construction; Object.fromEntries forgets the keys.
const ratesOf = (live: Pick<LiveSettings<ShopSettings>, 'get'>): RateLimits =>
  Object.fromEntries(rateClasses.map((name) => [name, live.get(`rateLimits.${name}`)])) as RateLimits
