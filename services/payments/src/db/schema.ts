import type { Contact } from '@comptoir/contracts/carts/model'
import type { OrderId, PaymentId } from '@comptoir/contracts/ids'
import { paymentStatuses } from '@comptoir/contracts/payments/model'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { ledgerAccounts } from '../domain/ledger.ts'
import { movementKinds, movementOutcomes } from '../domain/movement.ts'
import { operationNames, operationStates } from '../domain/operation.ts'
import { paymentProviders } from '../domain/payment.ts'

export { deadLetters, idempotencyKeys, inbox, outbox, redactions } from '@comptoir/service-kit/tables'

const moment = () => timestamp({ withTimezone: true })
const madeAt = () => moment().notNull().defaultNow()
const minor = () => bigint({ mode: 'number' }).notNull()
const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '))

/** Everything from `status` to `watched` is folded from payment_events. */
export const payments = pgTable(
  'payments',
  {
    id: uuid().$type<PaymentId>().primaryKey(),
    // One payment an order; every procedure finds it by the order.
    orderId: uuid().$type<OrderId>().notNull().unique('payments_order'),
    orderNumber: text().notNull(),
    ownerKind: text({ enum: ['guest', 'customer'] }).notNull(),
    ownerId: text().notNull(),
    contact: jsonb().$type<Contact>().notNull(),
    /** The trace that placed the order, which the workers continue. */
    traceparent: text(),
    provider: text({ enum: paymentProviders }).notNull(),
    // process-webhooks finds the payment of an intent.
    providerRef: text().unique('payments_provider_ref'),
    amountMinor: minor(),
    currency: text().notNull(),
    status: text({ enum: paymentStatuses }).notNull().default('open'),
    authorizedMinor: minor().default(0),
    capturedMinor: minor().default(0),
    refundedMinor: minor().default(0),
    refundToldMinor: minor().default(0),
    failure: text(),
    orderCancelled: boolean().notNull().default(false),
    watched: boolean().notNull().default(false),
    checkedAt: madeAt(),
    version: integer().notNull().default(0),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
  (t) => [
    check('payments_status', sql`${t.status} in (${oneOf(paymentStatuses)})`),
    check('payments_provider', sql`${t.provider} in (${oneOf(paymentProviders)})`),
    check(
      'payments_balances',
      sql`${t.refundedMinor} between 0 and ${t.capturedMinor} and ${t.capturedMinor} <= ${t.amountMinor}`,
    ),
    // exportPayments.
    index('payments_owner').on(t.ownerId, t.id),
    // The reconciler: what was not checked lately.
    index('payments_watched')
      .on(t.checkedAt)
      .where(sql`watched`),
  ],
)

/** Append-only. The id says what happened to which object, so that a fact is kept once however often it is heard. */
export const paymentEvents = pgTable(
  'payment_events',
  {
    provider: text({ enum: paymentProviders }).notNull(),
    providerEventId: text().notNull(),
    paymentId: uuid()
      .$type<PaymentId>()
      .notNull()
      .references(() => payments.id),
    object: text().notNull(),
    kind: text({ enum: movementKinds }).notNull(),
    outcome: text({ enum: movementOutcomes }).notNull(),
    amountMinor: minor(),
    at: moment().notNull(),
    code: text(),
    operation: text(),
    raw: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    recordedAt: madeAt(),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.providerEventId] }),
    check('payment_events_kind', sql`${t.kind} in (${oneOf(movementKinds)})`),
    check('payment_events_outcome', sql`${t.outcome} in (${oneOf(movementOutcomes)})`),
    // The log of one payment, which its balances are folded from.
    index('payment_events_payment').on(t.paymentId),
  ],
)

/** What is asked of the provider. The row and its key are committed before the call. */
export const paymentOperations = pgTable(
  'payment_operations',
  {
    id: uuid().primaryKey(),
    paymentId: uuid()
      .$type<PaymentId>()
      .notNull()
      .references(() => payments.id),
    name: text({ enum: operationNames }).notNull(),
    attempt: integer().notNull(),
    opKey: text().notNull().unique('payment_operations_key'),
    amountMinor: minor(),
    state: text({ enum: operationStates }).notNull().default('requested'),
    tries: integer().notNull().default(0),
    error: text(),
    requestedAt: madeAt(),
    runAt: madeAt(),
    /** Until then the worker leaves it to whoever calls the provider now; anybody repeats it with the same key. */
    leaseUntil: moment(),
    updatedAt: madeAt(),
  },
  (t) => [
    unique('payment_operations_attempt').on(t.paymentId, t.name, t.attempt),
    // At most one of a kind is under way.
    uniqueIndex('payment_operations_live')
      .on(t.paymentId, t.name)
      .where(sql`state in ('requested', 'unknown')`),
    check('payment_operations_name', sql`${t.name} in (${oneOf(operationNames)})`),
    check('payment_operations_state', sql`${t.state} in (${oneOf(operationStates)})`),
    // run-operations: what is due.
    index('payment_operations_due')
      .on(t.runAt)
      .where(sql`state in ('requested', 'unknown')`),
  ],
)

/** What a provider told us, kept before it is worked on. Holds ids and states, no card and no secret. */
export const providerWebhooks = pgTable(
  'provider_webhooks',
  {
    provider: text({ enum: paymentProviders }).notNull(),
    eventId: text().notNull(),
    type: text().notNull(),
    /** The intent it is about; absent where it is about something else. */
    ref: text(),
    raw: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    receivedAt: madeAt(),
    runAt: madeAt(),
    processedAt: moment(),
    attempts: integer().notNull().default(0),
    error: text(),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.eventId] }),
    // process-webhooks: what is due.
    index('provider_webhooks_due')
      .on(t.runAt)
      .where(sql`processed_at is null`),
  ],
)

/** Append-only double entry: a deferred constraint refuses a transaction whose sides do not add up to zero. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: uuid().primaryKey(),
    txnId: uuid().notNull(),
    paymentId: uuid()
      .$type<PaymentId>()
      .notNull()
      .references(() => payments.id),
    account: text({ enum: ledgerAccounts }).notNull(),
    amountMinor: minor(),
    currency: text().notNull(),
    bookedAt: madeAt(),
  },
  (t) => [
    check('ledger_entries_account', sql`${t.account} in (${oneOf(ledgerAccounts)})`),
    // The constraint’s own sum.
    index('ledger_entries_txn').on(t.txnId),
    // What was booked for one payment.
    index('ledger_entries_payment').on(t.paymentId),
  ],
)
