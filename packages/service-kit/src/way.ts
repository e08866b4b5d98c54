/** How the calls of a client get to a service. */
import type { Actor } from '@comptoir/contracts/access'

/** A call as it is sent. */
export interface Asking {
  readonly service: string
  /** Path and query below the service's address. */
  readonly path: string
  readonly method: 'GET' | 'POST'
  /** Unless told: whoever asks. */
  readonly actor?: Actor | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
}

/**
 * How a call gets to a service, and its answer to `read`, whose errors are passed on. UNAVAILABLE or DEADLINE_EXCEEDED where
 * nothing is answered.
 */
export type Way = <T>(asking: Asking, read: (response: Response) => Promise<T>) => Promise<T>
