import type { OrderId, PaymentId, UserId } from '@comptoir/contracts/ids'
import { redactedContact } from '@comptoir/contracts/redacted'
import type { Database, Queryable, Transaction } from '@comptoir/service-kit/database'
import { given, prepared, statement } from '@comptoir/service-kit/prepared'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { PaymentRecord } from '../domain/payment.ts'
import { payments } from './schema.ts'

const columns = {
  id: payments.id,
  orderId: payments.orderId,
  orderNumber: payments.orderNumber,
  ownerKind: payments.ownerKind,
  ownerId: payments.ownerId,
  contact: payments.contact,
  traceparent: payments.traceparent,
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
  | 'traceparent'
  | 'provider'
  | 'amountMinor'
  | 'currency'
>

const insertNew = prepared((db) =>
  db
    .insert(payments)
    .values(
      given(payments, [
        'id',
        'orderId',
        'orderNumber',
        'ownerKind',
        'ownerId',
        'contact',
        'traceparent',
        'provider',
        'amountMinor',
        'currency',
      ]),
    )
    .onConflictDoNothing({ target: payments.orderId })
    .returning({ id: payments.id }),
)

/** Whether the row is new; an order that has its payment keeps it. */
export const insertPayment = async (tx: Transaction, payment: NewPayment): Promise<boolean> =>
  (await insertNew(tx, { ...payment })).length === 1

const lockNameOf = statement(
  sql`select pg_advisory_xact_lock(hashtextextended(${sql.placeholder('orderId')}::text, 0))`,
)

/** Whoever opens an order's payment and whoever redacts it wait for each other, also while there is no row to lock. */
export const lockOrder = async (tx: Transaction, orderId: OrderId): Promise<void> => {
  await lockNameOf(tx, { orderId })
}

const selectBy = (db: Database, column: 'id' | 'orderId' | 'providerRef') =>
  db
    .select(columns)
    .from(payments)
    .where(eq(payments[column], sql.placeholder('value')))
const byId = prepared((db) => selectBy(db, 'id'))
const byOrder = prepared((db) => selectBy(db, 'orderId'))
const byOrderAndOwner = prepared((db) =>
  db
    .select(columns)
    .from(payments)
    .where(
      and(eq(payments.orderId, sql.placeholder('orderId')), eq(payments.ownerId, sql.placeholder('ownerId'))),
    ),
)
const byRef = prepared((db) => selectBy(db, 'providerRef'))
const lockById = prepared((db) => selectBy(db, 'id').for('update'))

export const findPaymentOfOrder = async (
  db: Queryable,
  orderId: OrderId,
): Promise<PaymentRecord | undefined> => {
  const [row] = await byOrder(db, { value: orderId })
  return row
}

/** Somebody else’s is not there. */
export const findOwnPayment = async (
  db: Queryable,
  orderId: OrderId,
  ownerId: string,
): Promise<PaymentRecord | undefined> => {
  const [row] = await byOrderAndOwner(db, { orderId, ownerId })
  return row
}

/** The payments of somebody's orders after the payment `after`, oldest first: ids rise with time. */
export const listPaymentsOf = (
  db: Queryable,
  ownerId: string,
  { after, limit }: { after: PaymentId | undefined; limit: number },
): Promise<PaymentRecord[]> =>
  db
    .select(columns)
    .from(payments)
    .where(and(eq(payments.ownerId, ownerId), after && gt(payments.id, after)))
    .orderBy(asc(payments.id))
    .limit(limit)

export const findPaymentOfRef = async (db: Queryable, ref: string): Promise<PaymentRecord | undefined> => {
  const [row] = await byRef(db, { value: ref })
  return row
}

/** Every change of a payment holds this lock, which is taken before any other of the payment’s rows. */
export const lockPayment = async (tx: Transaction, id: PaymentId): Promise<PaymentRecord> => {
  const [row] = await lockById(tx, { value: id })
  if (row === undefined) throw new Error(`There is no payment ${id}`)
  return row
}

export const findPayment = async (db: Queryable, id: PaymentId): Promise<PaymentRecord | undefined> => {
  const [row] = await byId(db, { value: id })
  return row
}

const update = prepared((db) =>
  db
    .update(payments)
    .set({
      ...given(payments, [
        'providerRef',
        'status',
        'authorizedMinor',
        'capturedMinor',
        'refundedMinor',
        'refundToldMinor',
        'failure',
        'orderCancelled',
        'watched',
        'version',
      ]),
      checkedAt: sql`now()`,
      updatedAt: sql`now()`,
    })
    .where(eq(payments.id, sql.placeholder('id'))),
)

export const savePayment = async (tx: Transaction, next: PaymentRecord): Promise<void> => {
  await update(tx, { ...next })
}

export const setTrace = async (tx: Transaction, id: PaymentId, traceparent: string | null): Promise<void> => {
  await tx.update(payments).set({ traceparent }).where(eq(payments.id, id))
}

/** Makes an order's payment that of an account; false where it has none. */
export const givePayment = async (tx: Transaction, orderId: OrderId, ownerId: UserId): Promise<boolean> => {
  const given = await tx
    .update(payments)
    .set({ ownerKind: 'customer', ownerId })
    .where(eq(payments.orderId, orderId))
    .returning({ id: payments.id })
  return given.length > 0
}

/** Takes the contact out of an order's payment; undefined where it has none. */
export const redactPayment = async (tx: Transaction, orderId: OrderId): Promise<PaymentId | undefined> => {
  const [row] = await tx
    .update(payments)
    .set({ contact: redactedContact })
    .where(eq(payments.orderId, orderId))
    .returning({ id: payments.id })
  return row?.id
}

export interface Unchecked {
  readonly id: PaymentId
  readonly providerRef: string
  readonly traceparent: string | null
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
    .returning({ id: payments.id, providerRef: payments.providerRef, traceparent: payments.traceparent })
  return rows.flatMap(({ providerRef, ...row }) => (providerRef === null ? [] : [{ ...row, providerRef }]))
}
