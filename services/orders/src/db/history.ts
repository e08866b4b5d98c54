import type { OrderId } from '@comptoir/contracts/ids'
import type { TimelineEntry } from '@comptoir/contracts/orders/model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import type { Ids } from '@comptoir/service-kit/ids'
import { statement } from '@comptoir/service-kit/prepared'
import { and, asc, eq, gt, inArray, max, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { HistoryEntry } from '../domain/order.ts'
import { statusHistory } from './schema.ts'

/** A row of the timeline and its place in it. */
interface TimelineRow {
  readonly entry: TimelineEntry
  readonly position: number
}

export const insertHistory = async (
  tx: Transaction,
  about: { orderId: OrderId; ids: Ids },
  entries: readonly HistoryEntry[],
): Promise<void> => {
  if (entries.length === 0) return
  const rows = entries.map((entry) => ({ ...entry, id: about.ids.next(), orderId: about.orderId }))
  await insertRows(tx, { rows: JSON.stringify(rows) })
}

// The set gives its rows in the order of the array, which is the order of their positions.
const insertRows = statement(sql`
  insert into status_history (id, order_id, kind, status, actor, reason, at, event_id)
  select id, "orderId", kind, status, actor, reason, at, "eventId"
  from jsonb_to_recordset(${sql.placeholder('rows')}::jsonb) as entry(
    id uuid, "orderId" uuid, kind text, status text, actor text, reason text, at timestamptz, "eventId" uuid)`)

/** What happened to an order after a position, oldest first. An order's whole life is a few dozen rows. */
export const timelineAfter = async (
  db: Queryable,
  orderId: OrderId,
  position: number,
): Promise<TimelineRow[]> => {
  const rows = await db
    .select({
      id: statusHistory.id,
      kind: statusHistory.kind,
      status: statusHistory.status,
      actor: statusHistory.actor,
      reason: statusHistory.reason,
      at: statusHistory.at,
      position: statusHistory.position,
    })
    .from(statusHistory)
    .where(and(eq(statusHistory.orderId, orderId), gt(statusHistory.position, position)))
    .orderBy(asc(statusHistory.position))
    .limit(1_000)
  return rows.map(({ position: at, ...row }) => ({
    entry: { ...row, at: row.at.toISOString() },
    position: at,
  }))
}

/** Where an entry of this order stands; 0 when it is none of its entries. */
export const positionOf = async (db: Queryable, orderId: OrderId, entryId: string): Promise<number> => {
  if (!z.uuid().safeParse(entryId).success) return 0
  const [row] = await db
    .select({ position: statusHistory.position })
    .from(statusHistory)
    .where(and(eq(statusHistory.orderId, orderId), eq(statusHistory.id, entryId)))
  return row?.position ?? 0
}

export const latestPositions = async (
  db: Queryable,
  orderIds: readonly OrderId[],
): Promise<{ orderId: OrderId; position: number }[]> => {
  const rows = await db
    .select({ orderId: statusHistory.orderId, position: max(statusHistory.position) })
    .from(statusHistory)
    .where(inArray(statusHistory.orderId, [...orderIds]))
    .groupBy(statusHistory.orderId)
  return rows.map(({ orderId, position }) => ({ orderId, position: position ?? 0 }))
}
