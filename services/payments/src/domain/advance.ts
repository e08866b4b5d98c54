import type { Occurrence } from '@comptoir/contracts/event'
import { fold } from './fold.ts'
import { canStillMove, giveBackOf, type GiveBack } from './give-back.ts'
import { bookingsFor, type Booking } from './ledger.ts'
import { eventIdOf, type Movement } from './movement.ts'
import { occurrencesOf } from './occurrences.ts'
import type { PaymentRecord } from './payment.ts'

export interface News {
  readonly movements: readonly Movement[]
  readonly providerRef?: string
  readonly orderCancelled?: true
}

export interface Advanced {
  readonly next: PaymentRecord
  /** The facts that were not in the log. */
  readonly appended: readonly Movement[]
  readonly bookings: readonly Booking[]
  readonly occurrences: readonly Occurrence[]
  readonly giveBack: GiveBack | null
}

/** The only way a payment changes: facts are added to its log, and everything else is derived from the log. */
export const advance = (payment: PaymentRecord, log: readonly Movement[], news: News): Advanced => {
  const appended = unheard(log, news.movements)
  const known = {
    ...payment,
    providerRef: payment.providerRef ?? news.providerRef ?? null,
    orderCancelled: payment.orderCancelled || news.orderCancelled === true,
  }
  const balances = fold([...log, ...appended], known.providerRef)
  const { status, authorizedMinor, capturedMinor, refundedMinor, failure } = balances
  const watched = payment.provider !== 'none' && canStillMove(known, balances)
  const after = { ...known, status, authorizedMinor, capturedMinor, refundedMinor, failure, watched }
  const declined = appended.some(
    (movement) => movement.kind === 'authorization' && movement.outcome === 'failed',
  )
  const occurrences = occurrencesOf({ before: payment, after, declined })
  const refundToldMinor = Math.max(payment.refundToldMinor, refundedMinor)
  return {
    next: { ...after, refundToldMinor, version: payment.version + occurrences.length },
    appended,
    bookings: bookingsFor(payment, after),
    occurrences,
    giveBack: giveBackOf(known, balances),
  }
}

const unheard = (log: readonly Movement[], movements: readonly Movement[]): readonly Movement[] => {
  const heard = new Set(log.map(eventIdOf))
  return movements.filter((movement) => {
    const id = eventIdOf(movement)
    return !heard.has(id) && heard.add(id)
  })
}
