export const ledgerAccounts = ['customer', 'provider_clearing', 'revenue', 'refunds'] as const
type LedgerAccount = (typeof ledgerAccounts)[number]

/** One side of a booking. Positive is a debit, negative a credit. */
interface Posting {
  readonly account: LedgerAccount
  readonly amountMinor: number
}

export type Booking = readonly Posting[]

interface Moved {
  readonly capturedMinor: number
  readonly refundedMinor: number
}

/** The bookings that a change of balances needs; each adds up to zero. A refund that was sent back is booked the other way. */
export const bookingsFor = (before: Moved, after: Moved): readonly Booking[] => {
  const captured = after.capturedMinor - before.capturedMinor
  const refunded = after.refundedMinor - before.refundedMinor
  return [...(captured === 0 ? [] : [sale(captured)]), ...(refunded === 0 ? [] : [givenBack(refunded)])]
}

const sale = (amountMinor: number): Booking => [
  { account: 'customer', amountMinor },
  { account: 'revenue', amountMinor: -amountMinor },
  { account: 'provider_clearing', amountMinor },
  { account: 'customer', amountMinor: -amountMinor },
]

const givenBack = (amountMinor: number): Booking => [
  { account: 'refunds', amountMinor },
  { account: 'customer', amountMinor: -amountMinor },
  { account: 'customer', amountMinor },
  { account: 'provider_clearing', amountMinor: -amountMinor },
]
