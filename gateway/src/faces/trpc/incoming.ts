/** A tRPC request as it came in. */
import type { Actor } from '@comptoir/contracts/access'

export interface Incoming {
  readonly method: string
  readonly paths: readonly string[]
  readonly url: URL
  readonly isBatch: boolean
  readonly actor: Actor
  readonly deadlineAt: number
  readonly signal: AbortSignal
  readonly headers: Record<string, string>
  readonly body: Uint8Array<ArrayBuffer> | undefined
}
