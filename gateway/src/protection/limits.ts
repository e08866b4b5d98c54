/** How much the edge takes on, from one client and in all. Each gateway instance counts by itself. */
import { settings, type RateLimit, type RateLimits } from '@comptoir/contracts/settings'

export interface Limits {
  /**
   * `address`: everything that comes from one address. `entry`: writes that need no credential, such as a login, and programs’
   * proofs that were none, by address. `read` and `write`: by the actor where they are known, by address otherwise. `webhook`: what providers send, by address.
   */
  readonly rates: RateLimits
  /** Requests and streams of one address at once. */
  readonly inFlightPerAddress: number
  /** Between these the number of requests at once is found by what the answers take. */
  readonly concurrency: { readonly min: number; readonly max: number }
  /** Calls to one service at once, of each priority. */
  readonly callsPerService: number
}

/** What one shop's visitors need and no more: an office behind one address is in them, a script is not. */
export const defaultLimits: Limits = {
  rates: {
    address: settings['rateLimits.address'].default,
    entry: settings['rateLimits.entry'].default,
    read: settings['rateLimits.read'].default,
    write: settings['rateLimits.write'].default,
    webhook: settings['rateLimits.webhook'].default,
  },
  inFlightPerAddress: 64,
  concurrency: { min: 32, max: 1_024 },
  callsPerService: 256,
}

/** The same limits with `rate` times as much for one client, and `load` times as much at once in all. */
export const scaledLimits = (limits: Limits, { rate, load }: { rate: number; load: number }): Limits => {
  const times = ({ quota, windowSeconds }: RateLimit): RateLimit => ({
    quota: Math.ceil(quota * rate),
    windowSeconds,
  })
  const { address, entry, read, write, webhook } = limits.rates
  return {
    rates: {
      address: times(address),
      entry: times(entry),
      read: times(read),
      write: times(write),
      webhook: times(webhook),
    },
    inFlightPerAddress: Math.ceil(limits.inFlightPerAddress * rate),
    concurrency: {
      min: Math.ceil(limits.concurrency.min * load),
      max: Math.ceil(limits.concurrency.max * load),
    },
    callsPerService: Math.ceil(limits.callsPerService * load),
  }
}
