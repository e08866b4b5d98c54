/** When a message that failed comes again. */
import type { ConsumerConfig } from '@nats-io/jetstream'

export interface Deliveries {
  /** How often a message is delivered at most. */
  readonly max: number
  /** How long a message may be in work before the server delivers it again. */
  readonly ackWaitMs: number
  /** The pause after each failure; the last one holds for all that follow. */
  readonly delaysMs: readonly number[]
}

const nanosPerMs = 1_000_000

/**
 * The rules of a durable consumer. Its own table says how long to wait after a crash; before that come two shorter
 * pauses, for most failures are over in seconds.
 */
export const deliveriesOf = (config: ConsumerConfig): Deliveries => {
  const table = (config.backoff ?? []).map((nanos) => nanos / nanosPerMs)
  const ackWaitMs = table[0] ?? (config.ack_wait ?? 30_000 * nanosPerMs) / nanosPerMs
  return {
    max:
      config.max_deliver === undefined || config.max_deliver < 1
        ? Number.POSITIVE_INFINITY
        : config.max_deliver,
    ackWaitMs,
    delaysMs: [ackWaitMs / 15, ackWaitMs / 4, ...(table.length === 0 ? [ackWaitMs] : table)],
  }
}

/** The same for what was taken over from an older program: as often as the consumer that gives up last. */
export const takenOver: Pick<Deliveries, 'max' | 'delaysMs'> = {
  max: 24,
  delaysMs: [1_300, 5_000, 20_000, 30_000, 60_000, 300_000, 900_000, 3_600_000],
}

/** The pause after the n-th delivery failed, a fifth more or less. */
export const delayAfter = ({ delaysMs }: Pick<Deliveries, 'delaysMs'>, delivery: number): number => {
  const ms = delaysMs[Math.min(delivery, delaysMs.length) - 1] ?? 1_000
  return Math.max(1, Math.round(ms * (0.8 + Math.random() * 0.4)))
}
