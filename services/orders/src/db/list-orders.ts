import type { Actor } from '@comptoir/contracts/access'
import type { OrderStatus, OrderSummary } from '@comptoir/contracts/orders/model'
import type { Queryable } from '@comptoir/service-kit/database'
import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { orderColumns, orderFromRow, totalsOf } from './order-rows.ts'
import { ownedBy, reach } from './orders.ts'
import type { OrderState } from '../domain/order.ts'
import { orders } from './schema.ts'

interface Filter {
  readonly actor: Actor
  readonly status?: OrderStatus | undefined
  readonly placedAfter?: string | undefined
  readonly placedBefore?: string | undefined
  readonly number?: string | undefined
  readonly before?: { placedAt: string; id: string } | undefined
  readonly limit: number
}

/** Summaries of orders, newest first. */
export const listSummaries = async (db: Queryable, filter: Filter): Promise<OrderSummary[]> => {
  const rows = await db
    .select({
      id: orders.id,
      number: orders.number,
      status: orders.status,
      paymentStatus: orders.paymentStatus,
      deliveryStatus: orders.deliveryStatus,
      attention: orders.attention,
      currency: orders.currency,
      subtotalMinor: orders.subtotalMinor,
      deliveryMinor: orders.deliveryMinor,
      taxMinor: orders.taxMinor,
      totalMinor: orders.totalMinor,
      placedAt: orders.placedAt,
    })
    .from(orders)
    .where(and(...conditions(filter)))
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(filter.limit)
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    status: row.status,
    paymentStatus: row.paymentStatus,
    deliveryStatus: row.deliveryStatus,
    attention: row.attention,
    totals: totalsOf(row),
    placedAt: row.placedAt.toISOString(),
  }))
}

/** The orders that an actor placed, whole, oldest first. */
export const listOwnOrders = async (
  db: Queryable,
  actor: Actor,
  { after, limit }: { after: { placedAt: string; id: string } | undefined; limit: number },
): Promise<OrderState[]> => {
  const rest =
    after && sql`(${orders.placedAt}, ${orders.id}) > (${after.placedAt}::timestamptz, ${after.id}::uuid)`
  const rows = await db
    .select(orderColumns)
    .from(orders)
    .where(and(ownedBy(actor), rest))
    .orderBy(asc(orders.placedAt), asc(orders.id))
    .limit(limit)
  return rows.map(orderFromRow)
}

const conditions = (filter: Filter): (SQL | undefined)[] => [
  reach(filter.actor, 'orders:read'),
  filter.status && eq(orders.status, filter.status),
  filter.number === undefined ? undefined : eq(orders.number, filter.number),
  filter.placedAfter === undefined ? undefined : gt(orders.placedAt, new Date(filter.placedAfter)),
  filter.placedBefore === undefined ? undefined : lt(orders.placedAt, new Date(filter.placedBefore)),
  filter.before &&
    sql`(${orders.placedAt}, ${orders.id}) < (${filter.before.placedAt}::timestamptz, ${filter.before.id}::uuid)`,
]
