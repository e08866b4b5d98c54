/** Whether NATS is reachable right now, as something to wait on. */
import type { NatsConnection } from '@nats-io/nats-core'

export interface NatsLink {
  /** Aborts when the connection is lost; after that there is a fresh one as soon as it is back. */
  lost(): AbortSignal
  /** Resolves when connected, or after `ms` at the latest; then whether it is. */
  connected(ms: number): Promise<boolean>
}

/** Follows a connection that reconnects by itself, until it is closed. */
export const followLink = (nc: NatsConnection): NatsLink => {
  let up = !nc.isClosed()
  let loss = new AbortController()
  let back = Promise.withResolvers<void>()

  const follow = async (): Promise<void> => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect' || type === 'close') {
        up = false
        loss.abort(new Error('NATS is not connected'))
      } else if (type === 'reconnect') {
        up = true
        loss = new AbortController()
        back.resolve()
        back = Promise.withResolvers()
      }
    }
  }
  void follow()

  return {
    lost: () => loss.signal,
    connected: async (ms) => {
      if (up) return true
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      await Promise.race([back.promise, late])
      clearTimeout(timer)
      return up
    },
  }
}

/** Waits for work unless the connection is lost meanwhile: then it rejects, and the work's outcome is unknown. */
export const unlessLost = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
  signal.throwIfAborted()
  const { promise: lost, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), lost])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
