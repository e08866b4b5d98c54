export type Clock = { now: () => number }

export const systemClock: Clock = { now: () => Date.now() }

export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
