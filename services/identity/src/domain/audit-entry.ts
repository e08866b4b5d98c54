/** What an entry says, besides its place in the chain. */
export interface AuditFacts {
  readonly actorKind: string
  readonly actorId: string
  readonly action: AuditAction
  /** The id of who or what it was done to. */
  readonly target: string
  /** Ids, names of roles and scopes, counts. Never personal data: the log outlives those whom it speaks of. */
  readonly facts: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

export type AuditAction =
  | `session.${'opened' | 'reauthenticated' | 'ended' | 'replayed'}`
  | `account.${'registered' | 'verified' | 'password_changed' | 'password_reset' | 'email_changed' | 'exported' | 'erased' | 'disabled' | 'enabled' | 'linked' | 'unlinked'}`
  | `factor.${'enrolled' | 'removed' | 'codes_renewed'}`
  | `role.${'assigned' | 'saved' | 'removed'}`
  | `client.${'created' | 'revoked' | 'authorized' | 'signed_in'}`
  | `key.${'created' | 'revoked' | 'rotated'}`
  | 'payment.refunded'

export interface AuditEntry extends AuditFacts {
  readonly sequence: number
  readonly at: Date
  /** The hash of the entry before it; of the first, an empty text. */
  readonly previousHash: string
}
