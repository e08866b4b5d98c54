import type { Transaction } from '@comptoir/service-kit/database'
import type { Ids } from '@comptoir/service-kit/ids'
import type { Booking } from '../domain/ledger.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import { ledgerEntries } from './schema.ts'

interface Book {
  readonly ids: Ids
  readonly payment: PaymentRecord
  readonly bookings: readonly Booking[]
}

export const book = async (tx: Transaction, { ids, payment, bookings }: Book): Promise<void> => {
  const entries = bookings.flatMap((booking) => {
    const txnId = ids.next()
    return booking.map((posting) => ({
      ...posting,
      id: ids.next(),
      txnId,
      paymentId: payment.id,
      currency: payment.currency,
    }))
  })
  if (entries.length > 0) await tx.insert(ledgerEntries).values(entries)
}
