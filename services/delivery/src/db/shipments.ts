import type { OrderId, ShipmentId, UserId } from '@comptoir/contracts/ids'
import { redactedAddress, redactedContact } from '@comptoir/contracts/redacted'
import type { Database, Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Shipment } from '../domain/shipment.ts'
import { fromNow } from './from-now.ts'
import { cancelledOrders, shipments } from './schema.ts'

const columns = {
  id: shipments.id,
  orderId: shipments.orderId,
  orderNumber: shipments.orderNumber,
  ownerId: shipments.ownerId,
  status: shipments.status,
  option: shipments.option,
  contact: shipments.contact,
  address: shipments.address,
  lines: shipments.lines,
  carrier: shipments.carrier,
  trackingNumber: shipments.trackingNumber,
  trackingUrl: shipments.trackingUrl,
  dispatchOperation: shipments.dispatchOperation,
  version: shipments.version,
  createdAt: shipments.createdAt,
}

/** A shipment with the trace of its order, which the workers continue. */
export type Traced = Shipment & { readonly traceparent: string | null }

const traced = { ...columns, traceparent: shipments.traceparent }

export const findShipment = async (queryable: Queryable, id: ShipmentId): Promise<Shipment | undefined> => {
  const [found] = await queryable.select(columns).from(shipments).where(eq(shipments.id, id))
  return found
}

export const lockShipment = async (tx: Transaction, id: ShipmentId): Promise<Shipment | undefined> => {
  const [found] = await tx.select(columns).from(shipments).where(eq(shipments.id, id)).for('update')
  return found
}

export const findByTracking = async (
  queryable: Queryable,
  trackingNumber: string,
): Promise<Traced | undefined> => {
  const [found] = await queryable
    .select(traced)
    .from(shipments)
    .where(eq(shipments.trackingNumber, trackingNumber))
  return found
}

/** The order's shipments; with an owner, only if they are his. */
export const findByOrder = (
  queryable: Queryable,
  orderId: OrderId,
  ownerId: string | undefined,
): Promise<Shipment[]> =>
  queryable
    .select(columns)
    .from(shipments)
    .where(
      and(eq(shipments.orderId, orderId), ownerId === undefined ? undefined : eq(shipments.ownerId, ownerId)),
    )

/** The shipments of somebody's orders after the shipment `after`, oldest first: ids rise with time. */
export const listShipmentsOf = (
  queryable: Queryable,
  ownerId: string,
  { after, limit }: { after: ShipmentId | undefined; limit: number },
): Promise<Shipment[]> =>
  queryable
    .select(columns)
    .from(shipments)
    .where(and(eq(shipments.ownerId, ownerId), after && gt(shipments.id, after)))
    .orderBy(asc(shipments.id))
    .limit(limit)

/** Planning and cancelling an order's shipment wait for each other, also while there is no row to lock. */
export const lockOrder = async (tx: Transaction, orderId: OrderId): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${orderId}, 0))`)
}

export const isOrderCancelled = async (tx: Transaction, orderId: OrderId): Promise<boolean> => {
  const found = await tx
    .select({ orderId: cancelledOrders.orderId })
    .from(cancelledOrders)
    .where(eq(cancelledOrders.orderId, orderId))
  return found.length > 0
}

export const noteOrderCancelled = async (tx: Transaction, orderId: OrderId, now: Date): Promise<void> => {
  await tx.insert(cancelledOrders).values({ orderId, createdAt: now }).onConflictDoNothing()
}

/** Adds the order's shipment; false when it has one. */
export const insertShipment = async (tx: Transaction, shipment: Traced): Promise<boolean> => {
  const inserted = await tx
    .insert(shipments)
    .values({ ...shipment, updatedAt: shipment.createdAt })
    .onConflictDoNothing({ target: shipments.orderId })
    .returning({ id: shipments.id })
  return inserted.length > 0
}

/** Makes an order's shipment that of an account; false where it has none. */
export const giveShipment = async (tx: Transaction, orderId: OrderId, ownerId: UserId): Promise<boolean> => {
  const given = await tx
    .update(shipments)
    .set({ ownerId })
    .where(eq(shipments.orderId, orderId))
    .returning({ id: shipments.id })
  return given.length > 0
}

/** Takes contact and address out of an order's shipment, but for the country; undefined where it has none. */
export const redactShipment = async (tx: Transaction, orderId: OrderId): Promise<ShipmentId | undefined> => {
  const [row] = await tx
    .update(shipments)
    .set({
      contact: redactedContact,
      address: sql`${JSON.stringify(redactedAddress)}::jsonb || jsonb_build_object('country', ${shipments.address}->'country')`,
    })
    .where(eq(shipments.orderId, orderId))
    .returning({ id: shipments.id })
  return row?.id
}

interface Saving {
  /** What the shipment was when it was decided on. */
  readonly from: Shipment
  readonly next: Shipment
  readonly leaseMs?: number
  readonly askAfterMs?: number
}

/** Compare-and-set: false when somebody else moved the shipment meanwhile. */
export const saveShipment = async (
  tx: Transaction,
  { from, next, leaseMs, askAfterMs }: Saving,
): Promise<boolean> => {
  const { status, carrier, trackingNumber, trackingUrl, dispatchOperation, version } = next
  const saved = await tx
    .update(shipments)
    .set({
      status,
      carrier,
      trackingNumber,
      trackingUrl,
      dispatchOperation,
      version,
      leaseUntil: leaseMs === undefined ? null : fromNow(leaseMs),
      ...(status === 'dispatched' ? { dispatchedAt: sql`now()` } : {}),
      heardAt: sql`now()`,
      askAt: askAfterMs === undefined ? null : fromNow(askAfterMs),
      updatedAt: sql`now()`,
    })
    .where(
      and(eq(shipments.id, from.id), eq(shipments.status, from.status), eq(shipments.version, from.version)),
    )
    .returning({ id: shipments.id })
  return saved.length > 0
}

interface Claiming {
  readonly leaseMs: number
  readonly max: number
}

/** Takes over dispatches that nobody finished in time. */
export const claimDispatches = (db: Database, { leaseMs, max }: Claiming): Promise<Traced[]> => {
  const overdue = db
    .select({ id: shipments.id })
    .from(shipments)
    .where(and(sql`${shipments.status} = 'dispatching'`, lt(shipments.leaseUntil, sql`now()`)))
    .orderBy(shipments.leaseUntil)
    .limit(max)
    .for('update', { skipLocked: true })
  return db
    .update(shipments)
    .set({ leaseUntil: fromNow(leaseMs) })
    .where(inArray(shipments.id, overdue))
    .returning(traced)
}

interface Asking {
  readonly everyMs: number
  readonly max: number
}

/** A parcel to be asked about; `isLost` once nothing was heard of it for thirty days. */
export type Silent = Traced & { readonly isLost: boolean }

/**
 * Takes parcels that were not heard of for a while, to ask the carrier about them. The longer a parcel is silent, the
 * longer the pauses, up to an hour. After thirty days it is lost; one that had failed before is not asked about any more.
 */
export const claimSilent = (db: Database, { everyMs, max }: Asking): Promise<Silent[]> => {
  const silent = db
    .select({ id: shipments.id })
    .from(shipments)
    .where(lt(shipments.askAt, sql`now()`))
    .orderBy(shipments.askAt)
    .limit(max)
    .for('update', { skipLocked: true })
  const isLost = sql<boolean>`${shipments.heardAt} <= now() - interval '30 days'`
  const pause = sql`least(interval '1 hour', greatest(${everyMs} * interval '1 millisecond', (now() - ${shipments.heardAt}) / 2))`
  const askAt = sql`case when ${shipments.status} <> 'failed' or not (${isLost}) then now() + ${pause} end`
  return db
    .update(shipments)
    .set({ askAt })
    .where(inArray(shipments.id, silent))
    .returning({ ...traced, isLost })
}
