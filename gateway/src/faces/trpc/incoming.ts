/** A tRPC request as it came in. */
import type { Actor } from '@comptoir/contracts/access'

export interface Incoming {
  readonly method: string
  readonly paths: readonly string[]
  /** The query of the address, with its question mark. */
  readonly search: string
  /** What is in `search`. */
  readonly input: string | null
  readonly isBatch: boolean
  /** The client reads the answers of the batch from a stream of JSON lines. */
  readonly isStream: boolean
  readonly actor: Actor
  /** What the client is counted by. */
  readonly client: string | undefined
  readonly deadlineAt: number
  readonly signal: AbortSignal
  readonly headers: Record<string, string>
  readonly body: Uint8Array<ArrayBuffer> | undefined
}
