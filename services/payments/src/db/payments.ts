import type { OrderId, PaymentId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { PaymentRecord } from '../domain/payment.ts'
import { payments } from './schema.ts'

const columns = {
  id: payments.id,
  orderId: payments.orderId,
  orderNumber: payments.orderNumber,
  ownerKind: payments.ownerKind,
  ownerId: payments.ownerId,
  contact: payments.contact,
  provider: payments.provider,
  providerRef: payments.providerRef,
  amountMinor: payments.amountMinor,
  currency: payments.currency,
  status: payments.status,
  authorizedMinor: payments.authorizedMinor,
  capturedMinor: payments.capturedMinor,
  refundedMinor: payments.refundedMinor,
  refundToldMinor: payments.refundToldMinor,
  failure: payments.failure,
  orderCancelled: payments.orderCancelled,
  watched: payments.watched,
  version: payments.version,
  createdAt: payments.createdAt,
}

export type NewPayment = Pick<
  PaymentRecord,
  | 'id'
  | 'orderId'
  | 'orderNumber'
  | 'ownerKind'
  | 'ownerId'
  | 'contact'
  | 'provider'
  | 'amountMinor'
  | 'currency'
>

/** Whether the row is new; an order that has its payment keeps it. */
export const insertPayment = async (tx: Transaction, payment: NewPayment): Promise<boolean> => {
  const rows = await tx
    .insert(payments)
    .values(payment)
    .onConflictDoNothing({ target: payments.orderId })
    .returning({ id: payments.id })
  return rows.length === 1
}

export const findPaymentOfOrder = async (
  db: Queryable,
  orderId: OrderId,
  ownerId?: string,
): Promise<PaymentRecord | undefined> => {
  const owned = ownerId === undefined ? undefined : eq(payments.ownerId, ownerId)
  const [row] = await db
    .select(columns)
    .from(payments)
    .where(and(eq(payments.orderId, orderId), owned))
  return row
}

export const findPaymentOfRef = async (db: Queryable, ref: string): Promise<PaymentRecord | undefined> => {
  const [row] = await db.select(columns).from(payments).where(eq(payments.providerRef, ref))
  return row
}

/** Every change of a payment holds this lock, which is taken before any other of the payment’s rows. */
export const lockPayment = async (tx: Transaction, id: PaymentId): Promise<PaymentRecord> => {
  const [row] = await tx.select(columns).from(payments).where(eq(payments.id, id)).for('update')
  if (row === undefined) throw new Error(`There is no payment ${id}`)
  return row
}

export const findPayment = async (db: Queryable, id: PaymentId): Promise<PaymentRecord | undefined> => {
  const [row] = await db.select(columns).from(payments).where(eq(payments.id, id))
  return row
}

export const savePayment = async (tx: Transaction, next: PaymentRecord): Promise<void> => {
  await tx
    .update(payments)
    .set({
      providerRef: next.providerRef,
      status: next.status,
      authorizedMinor: next.authorizedMinor,
      capturedMinor: next.capturedMinor,
      refundedMinor: next.refundedMinor,
      refundToldMinor: next.refundToldMinor,
      failure: next.failure,
      orderCancelled: next.orderCancelled,
      watched: next.watched,
      version: next.version,
      checkedAt: sql`now()`,
      updatedAt: sql`now()`,
    })
    .where(eq(payments.id, next.id))
}

export interface Unchecked {
  readonly id: PaymentId
  readonly providerRef: string
}

/** Takes payments that nobody has asked about for a while; each is taken by one process at a time. */
export const claimUnchecked = async (db: Queryable, seconds: number, limit: number): Promise<Unchecked[]> => {
  const long = sql`${payments.checkedAt} <= now() - make_interval(secs => ${seconds}::double precision)`
  const unchecked = db.$with('unchecked').as(
    db
      .select({ id: payments.id })
      .from(payments)
      .where(and(eq(payments.watched, true), long))
      .orderBy(payments.checkedAt)
      .limit(limit)
      .for('update', { skipLocked: true }),
  )
  const rows = await db
    .with(unchecked)
    .update(payments)
    .set({ checkedAt: sql`now()` })
    .where(inArray(payments.id, db.select({ id: unchecked.id }).from(unchecked)))
    .returning({ id: payments.id, providerRef: payments.providerRef })
  return rows.flatMap(({ id, providerRef }) => (providerRef === null ? [] : [{ id, providerRef }]))
}
