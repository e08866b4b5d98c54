import type { Spread } from '../measure/percentiles.ts'

export interface Reading {
  readonly url: string
  /** Paths that are asked for in turn. */
  readonly paths: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly connections: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

export interface Read {
  readonly perSecond: number
  readonly latency: Spread
  /** All that were sent, those of the warm-up among them. */
  readonly requests: number
  /** Answers other than 200, and requests without one. */
  readonly errors: number
  readonly driverCpuSeconds: number
}
