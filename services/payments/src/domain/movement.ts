export const movementKinds = ['authorization', 'capture', 'refund', 'void', 'chargeback'] as const
type MovementKind = (typeof movementKinds)[number]

export const movementOutcomes = ['requested', 'succeeded', 'failed'] as const
type MovementOutcome = (typeof movementOutcomes)[number]

/** One fact about money at the provider. Facts are only ever added, so the log of them has no order. */
export interface Movement {
  /** The provider's object that it happened to: an intent, a charge or a refund. */
  readonly object: string
  readonly kind: MovementKind
  readonly outcome: MovementOutcome
  readonly amountMinor: number
  readonly at: string
  /** Why it failed, as a stable code. */
  readonly code: string | null
  /** The key of our operation that asked for it, where the provider repeats it. */
  readonly operation: string | null
}

const words = {
  authorization: { requested: 'authorizing', succeeded: 'authorized', failed: 'declined' },
  capture: { requested: 'capturing', succeeded: 'captured', failed: 'capture_failed' },
  refund: { requested: 'refunding', succeeded: 'refunded', failed: 'refund_failed' },
  void: { requested: 'voiding', succeeded: 'voided', failed: 'void_failed' },
  chargeback: { requested: 'disputed', succeeded: 'charged_back', failed: 'dispute_won' },
} as const satisfies Record<MovementKind, Record<MovementOutcome, string>>

/** The id under which a fact is logged once, however often and from wherever it is heard. */
export const eventIdOf = (movement: Pick<Movement, 'object' | 'kind' | 'outcome'>): string =>
  `${movement.object}:${words[movement.kind][movement.outcome]}`
