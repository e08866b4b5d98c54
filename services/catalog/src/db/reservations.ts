import type { Reservation, StockLine } from '@comptoir/contracts/catalog/model'
import type { OrderId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { sql } from 'drizzle-orm'
import { isClosed } from '../domain/reservation.ts'
import type { Level, ShortLine } from '../domain/stock.ts'
import { releaseUnits, shipUnits } from './give-units.ts'
import { isoTime } from './iso-time.ts'
import { takeExpired, takeForOrder } from './take-units.ts'

export type Held =
  | { outcome: 'reserved'; reservation: Reservation; levels: Level[] }
  | { outcome: 'short'; lines: ShortLine[] }
  | { outcome: 'closed' }

const asIs = sql`order_id as "orderId", state, ${isoTime(sql`expires_at`)} as "expiresAt"`

const find = statement<Reservation>(
  sql`select ${asIs} from reservations where order_id = ${sql.placeholder('orderId')}::uuid`,
)

const commitHeld = statement<Reservation>(
  sql`update reservations set state = 'committed', version = version + 1, updated_at = now()
    where order_id = ${sql.placeholder('orderId')}::uuid and state = 'held' returning ${asIs}`,
)

// A tombstone: the order was given up, perhaps before its reservation arrives, which must then find the door shut; an
// expired one must not take its units again.
const bury = statement<{ before: 'none' | 'expired' }>(
  sql`insert into reservations (order_id, state, expires_at)
    values (${sql.placeholder('orderId')}::uuid, 'released', now())
    on conflict (order_id) do update set state = 'released', version = reservations.version + 1, updated_at = now()
      where reservations.state = 'expired'
    returning case when version = 1 then 'none' else 'expired' end as before`,
)

/** Holds an order's units; a reservation that there is already is answered as it is. */
export const reserve = async (
  tx: Transaction,
  hold: { orderId: OrderId; lines: readonly StockLine[]; minutes: number },
): Promise<Held> => {
  const taken = await takeForOrder(tx, hold)
  if (taken.outcome === 'short') return taken
  if (taken.outcome === 'taken') return reserved(hold.orderId, taken)
  const [reservation] = await find(tx, { orderId: hold.orderId })
  if (reservation === undefined || isClosed(reservation.state)) return { outcome: 'closed' }
  return { outcome: 'reserved', reservation, levels: [] }
}

/** Makes a hold final. An expired one takes its units again. */
export const commit = async (tx: Transaction, orderId: OrderId): Promise<Held | { outcome: 'missing' }> => {
  const [committed] = await commitHeld(tx, { orderId })
  if (committed !== undefined) return { outcome: 'reserved', reservation: committed, levels: [] }
  const [reservation] = await find(tx, { orderId })
  if (reservation === undefined) return { outcome: 'missing' }
  if (reservation.state === 'released') return { outcome: 'closed' }
  if (reservation.state === 'held') return commit(tx, orderId)
  if (reservation.state !== 'expired') return { outcome: 'reserved', reservation, levels: [] }
  const taken = await takeExpired(tx, orderId)
  if (taken.outcome === 'short') return taken
  // Somebody else took or released it since it was found: look again.
  return taken.outcome === 'taken' ? reserved(orderId, taken) : commit(tx, orderId)
}

/** Gives an order's units back, and sees to it that it can never take any again. */
export const release = async (
  tx: Transaction,
  orderId: OrderId,
): Promise<{ state: 'released' | 'expired' | 'shipped' | 'none'; levels: Level[] }> => {
  const { reservations, levels } = await releaseUnits(tx, orderId)
  if (reservations > 0) return { state: 'released', levels }
  const [buried] = await bury(tx, { orderId })
  if (buried !== undefined) return { state: buried.before, levels: [] }
  const [reservation] = await find(tx, { orderId })
  if (reservation?.state === 'shipped' || reservation?.state === 'released')
    return { state: reservation.state, levels: [] }
  // The reserve that the tombstone waited for has committed meanwhile: now there are units to give back.
  return release(tx, orderId)
}

/** The parcel has left: a committed reservation becomes shipped. Nothing to do when it is shipped already. */
export const ship = async (tx: Transaction, orderId: OrderId): Promise<Level[]> =>
  (await shipUnits(tx, orderId)).levels

const reserved = (
  orderId: OrderId,
  taken: Pick<Reservation, 'state' | 'expiresAt'> & { levels: Level[] },
): Held => ({
  outcome: 'reserved',
  reservation: { orderId, state: taken.state, expiresAt: taken.expiresAt },
  levels: taken.levels,
})
