/** Follows a key-value bucket for as long as a process lives: a watch that ends is opened again. */
import type { KV, KvEntry } from '@nats-io/kv'
import { errorFacts } from '../error-facts.ts'
import type { Logger } from '../logger.ts'

const againMs = 1_000

export interface Following {
  /** Resolves when the entries that were there at the start have been taken in. */
  readonly primed: Promise<void>
  /** Reads all entries afresh. */
  again(): void
  stop(): void
}

export interface FollowOptions {
  open(): Promise<KV>
  readonly log: Logger
  /** What a failure is called in the log. */
  readonly complaint: string
  /** Given the last value of every key, and then each change. */
  take(entry: KvEntry): void
}

export const followBucket = ({ open, log, complaint, take }: FollowOptions): Following => {
  const { promise: primed, resolve } = Promise.withResolvers<void>()
  const ending = new AbortController()
  let end = (): void => undefined
  const watch = async (): Promise<void> => {
    const kv = await open()
    // The watch of an empty bucket never tells that it has told everything.
    const { values } = await kv.status()
    const entries = await kv.watch()
    if (values === 0) resolve()
    end = () => entries.stop()
    if (ending.signal.aborted) end()
    try {
      for await (const entry of entries) {
        take(entry)
        if (entry.delta === 0) resolve()
      }
    } finally {
      end()
    }
  }
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await watch().catch((error: unknown) => log.warn(complaint, { reason: errorFacts(error) }))
      if (!ending.signal.aborted) await Bun.sleep(againMs)
    }
  }
  void run()
  return {
    primed,
    again: () => end(),
    stop: () => {
      ending.abort()
      end()
    },
  }
}
