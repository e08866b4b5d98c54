/** The time of day, handed in so that tests can hold it still. */

export interface Clock {
  now(): Date
}

/** The machine's clock. What money or leases depend on is compared with the database's `now()` instead. */
export const systemClock: Clock = { now: () => new Date() }
