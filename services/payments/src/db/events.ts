import type { PaymentId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { prepared } from '@comptoir/service-kit/prepared'
import { eq, sql } from 'drizzle-orm'
import { eventIdOf, type Movement } from '../domain/movement.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import { paymentEvents } from './schema.ts'

const selectLog = prepared((db) =>
  db
    .select({
      object: paymentEvents.object,
      kind: paymentEvents.kind,
      outcome: paymentEvents.outcome,
      amountMinor: paymentEvents.amountMinor,
      at: paymentEvents.at,
      code: paymentEvents.code,
      operation: paymentEvents.operation,
    })
    .from(paymentEvents)
    .where(eq(paymentEvents.paymentId, sql.placeholder('paymentId'))),
)

export const readLog = async (db: Queryable, paymentId: PaymentId): Promise<Movement[]> => {
  const rows = await selectLog(db, { paymentId })
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

interface Append {
  readonly payment: PaymentRecord
  readonly movements: readonly Movement[]
  readonly raw: Readonly<Record<string, unknown>>
}

export const appendToLog = async (tx: Transaction, { payment, movements, raw }: Append): Promise<void> => {
  if (movements.length === 0) return
  await tx.insert(paymentEvents).values(
    movements.map((movement) => ({
      ...movement,
      at: new Date(movement.at),
      provider: payment.provider,
      providerEventId: eventIdOf(movement),
      paymentId: payment.id,
      raw,
    })),
  )
}
