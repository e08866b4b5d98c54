import type { ReservationState, StockLine } from '@comptoir/contracts/catalog/model'
import type { OrderId, VariantId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { type SQL, sql } from 'drizzle-orm'
import type { Level, ShortLine } from '../domain/stock.ts'
import { isoTime } from './iso-time.ts'

export type Taken =
  | { outcome: 'taken'; state: ReservationState; expiresAt: string; levels: Level[] }
  | { outcome: 'short'; lines: ShortLine[] }
  /** The reservation was not in a state to take units: another call was first, or it has ended. */
  | { outcome: 'not_claimed' }

interface Row {
  state: ReservationState | null
  expiresAt: string
  variantId: VariantId
  requested: number
  available: number
  sku: string | null
  onHand: number
  allocated: number
  version: number
}

/**
 * One statement takes all units or none. `claim` makes the reservation ours, and a second caller gets no row from it;
 * then the levels are locked in variant order, which rules out deadlocks between orders with the same variants, and are
 * changed only if every line can be had. Both go by what was locked, which is the newest version of a row: the update
 * by itself would see the rows as they were before the statement waited for them.
 */
const takeUnits = (claim: SQL, wanted: SQL, record: SQL): SQL => sql`
  with claim as (${claim} returning order_id, state, expires_at),
  wanted as (${wanted}),
  locked as (
    select s.variant_id, s.on_hand, s.allocated, s.version, s.on_hand - s.allocated as available
    from stock_levels s
    where s.variant_id = any (array(select variant_id from wanted)) and exists (select from claim)
    order by s.variant_id
    for no key update of s
  ),
  taken as (
    update stock_levels s
    set on_hand = l.on_hand, allocated = l.allocated + w.quantity, version = l.version + 1, updated_at = now()
    from locked l join wanted w on w.variant_id = l.variant_id
    where s.variant_id = l.variant_id
      and not exists (
        select from wanted x left join locked f on f.variant_id = x.variant_id
        where f.available is null or f.available < x.quantity
      )
    returning s.variant_id, w.quantity, s.on_hand, s.allocated, s.version
  ),
  moved as (
    insert into stock_movements (variant_id, kind, quantity, order_id)
    select variant_id, 'allocated', quantity, ${sql.placeholder('orderId')}::uuid from taken
  )${record}
  select c.state, ${isoTime(sql`c.expires_at`)} as "expiresAt", w.variant_id as "variantId", w.quantity as requested,
    coalesce(l.available, 0) as available, (select v.sku from variants v where v.id = t.variant_id) as sku,
    t.on_hand as "onHand", t.allocated, t.version
  from wanted w
  left join claim c on true
  left join locked l on l.variant_id = w.variant_id
  left join taken t on t.variant_id = w.variant_id
  order by w.variant_id`

const takeNew = statement<Row>(
  takeUnits(
    sql`insert into reservations (order_id, state, expires_at)
      values (${sql.placeholder('orderId')}::uuid, 'held', now() + make_interval(secs => ${sql.placeholder('seconds')}::float8))
      on conflict do nothing`,
    sql`select variant_id, quantity
      from jsonb_to_recordset(${sql.placeholder('lines')}::jsonb) as line(variant_id uuid, quantity int)`,
    sql`, recorded as (
      insert into reservation_lines (order_id, variant_id, quantity)
      select ${sql.placeholder('orderId')}::uuid, variant_id, quantity from taken
    )`,
  ),
)

const takeAgain = statement<Row>(
  takeUnits(
    sql`update reservations set state = 'committed', version = version + 1, updated_at = now()
      where order_id = ${sql.placeholder('orderId')}::uuid and state = 'expired'`,
    sql`select variant_id, quantity from reservation_lines
      where order_id = ${sql.placeholder('orderId')}::uuid and exists (select from claim)`,
    sql``,
  ),
)

/** Holds the units of an order that has no reservation yet. `lines` name a variant once. */
export const takeForOrder = async (
  tx: Transaction,
  hold: { orderId: OrderId; lines: readonly StockLine[]; minutes: number },
): Promise<Taken> => {
  const lines = hold.lines.map(({ variantId, quantity }) => ({ variant_id: variantId, quantity }))
  const values = { orderId: hold.orderId, lines: JSON.stringify(lines), seconds: hold.minutes * 60 }
  return outcomeOf(await takeNew(tx, values))
}

/** Takes the units of an expired reservation again and commits it. */
export const takeExpired = async (tx: Transaction, orderId: OrderId): Promise<Taken> =>
  outcomeOf(await takeAgain(tx, { orderId }))

const outcomeOf = (rows: readonly Row[]): Taken => {
  const [first] = rows
  if (first === undefined || first.state === null) return { outcome: 'not_claimed' }
  const levels = rows.flatMap(({ variantId, sku, onHand, allocated, version }) =>
    sku === null ? [] : [{ variantId, sku, onHand, allocated, version }],
  )
  if (levels.length === rows.length) {
    return { outcome: 'taken', state: first.state, expiresAt: first.expiresAt, levels }
  }
  const lines = rows
    .filter((row) => row.available < row.requested)
    .map(({ variantId, requested, available }) => ({ variantId, requested, available }))
  return { outcome: 'short', lines }
}
