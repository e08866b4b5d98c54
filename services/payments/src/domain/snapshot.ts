import type { Movement } from './movement.ts'

/** What the provider said of a payment at some moment; how old it is does not matter. */
export interface ProviderSnapshot {
  readonly ref: string
  /** Our payment, as the provider repeats it from the metadata we gave. */
  readonly paymentId: string | null
  readonly amountMinor: number
  readonly currency: string
  readonly movements: readonly Movement[]
  /** For the log: ids and states only, never a card, a name or a secret. */
  readonly raw: Readonly<Record<string, unknown>>
}
