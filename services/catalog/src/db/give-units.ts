import type { OrderId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { type SQL, sql } from 'drizzle-orm'
import type { Level } from '../domain/stock.ts'

export interface Ended {
  /** How many reservations the statement ended: 0 when another call was first. */
  reservations: number
  levels: Level[]
}

/** A level, or nulls when reservations ended that had no lines. */
type Row = { [K in keyof Level]: Level[K] | null } & { reservations: number }

/**
 * One statement ends reservations and takes their units out of `allocated`. `end` names those it ended, so that of two
 * calls only one finds any; the levels are locked in variant order as everywhere.
 */
const giveUnits = (end: SQL, kind: 'released' | 'shipped'): SQL => sql`
  with ended as (${end} returning order_id),
  lines as (
    select l.order_id, l.variant_id, l.quantity from reservation_lines l join ended e on e.order_id = l.order_id
  ),
  totals as (select variant_id, sum(quantity)::int as quantity from lines group by variant_id),
  locked as (
    select s.variant_id, t.quantity
    from stock_levels s join totals t on t.variant_id = s.variant_id
    order by s.variant_id
    for no key update of s
  ),
  changed as (
    update stock_levels s
    set allocated = s.allocated - l.quantity,
      ${kind === 'shipped' ? sql`on_hand = s.on_hand - l.quantity,` : sql``}
      version = s.version + 1, updated_at = now()
    from locked l where s.variant_id = l.variant_id
    returning s.variant_id, s.on_hand, s.allocated, s.version
  ),
  moved as (
    insert into stock_movements (variant_id, kind, quantity, order_id)
    select variant_id, ${sql.raw(`'${kind}'`)}, quantity, order_id from lines order by order_id, variant_id
  )
  select e.count::int as reservations, c.variant_id as "variantId", v.sku, c.on_hand as "onHand", c.allocated, c.version
  from (select count(*) as count from ended) e
  left join changed c on true
  left join variants v on v.id = c.variant_id
  order by c.variant_id`

const releaseOpen = statement<Row>(
  giveUnits(
    sql`update reservations set state = 'released', version = version + 1, updated_at = now()
      where order_id = ${sql.placeholder('orderId')}::uuid and state in ('held', 'committed')`,
    'released',
  ),
)

const shipCommitted = statement<Row>(
  giveUnits(
    sql`update reservations set state = 'shipped', version = version + 1, updated_at = now()
      where order_id = ${sql.placeholder('orderId')}::uuid and state = 'committed'`,
    'shipped',
  ),
)

// SKIP LOCKED: a reservation that somebody is committing or releasing right now is theirs.
const expireHeld = statement<Row>(
  giveUnits(
    sql`update reservations set state = 'expired', version = version + 1, updated_at = now()
      where state = 'held' and order_id = any (array(
        select order_id from reservations
        where state = 'held' and expires_at <= now()
        order by expires_at
        limit ${sql.placeholder('limit')}::int
        for update skip locked
      ))`,
    'released',
  ),
)

/** Gives the units of an open reservation back. */
export const releaseUnits = async (tx: Transaction, orderId: OrderId): Promise<Ended> =>
  endedOf(await releaseOpen(tx, { orderId }))

/** The units of a committed reservation have left the house. */
export const shipUnits = async (tx: Transaction, orderId: OrderId): Promise<Ended> =>
  endedOf(await shipCommitted(tx, { orderId }))

/** Gives the units of at most `limit` holds back whose time is over by the database's clock. */
export const expireDue = async (tx: Transaction, limit: number): Promise<Ended> =>
  endedOf(await expireHeld(tx, { limit }))

const endedOf = (rows: readonly Row[]): Ended => ({
  reservations: rows[0]?.reservations ?? 0,
  levels: rows.flatMap(({ variantId, sku, onHand, allocated, version }) =>
    variantId === null || sku === null || onHand === null || allocated === null || version === null
      ? []
      : [{ variantId, sku, onHand, allocated, version }],
  ),
})
