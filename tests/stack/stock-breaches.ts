// Invariant 1, units: levels, movements, reservations and orders tell the same story.
import type { Databases } from './databases.ts'

/** Says of each variant and each reservation what does not add up. */
export const stockBreaches = async (databases: Databases): Promise<string[]> => [
  ...(await levelBreaches(databases)),
  ...(await reservationBreaches(databases)),
]

const levelBreaches = async ({ catalog }: Databases): Promise<string[]> => {
  const levels = await catalog<
    {
      sku: string
      onHand: number
      allocated: number
      movedOnHand: number
      movedAllocated: number
      open: number
    }[]
  >`
    select v.sku, l.on_hand as "onHand", l.allocated,
      coalesce(m.on_hand, 0)::int as "movedOnHand", coalesce(m.allocated, 0)::int as "movedAllocated",
      coalesce(r.open, 0)::int as open
    from stock_levels l
    join variants v on v.id = l.variant_id
    left join (
      select variant_id,
        sum(case kind when 'received' then quantity when 'returned' then quantity when 'adjusted' then quantity
          when 'shipped' then -quantity else 0 end) as on_hand,
        sum(case kind when 'allocated' then quantity when 'released' then -quantity when 'shipped' then -quantity
          else 0 end) as allocated
      from stock_movements group by variant_id) m on m.variant_id = l.variant_id
    left join (
      select variant_id, sum(quantity) as open
      from reservation_lines join reservations using (order_id) where state in ('held', 'committed')
      group by variant_id) r on r.variant_id = l.variant_id`
  return levels.flatMap(({ sku, onHand, allocated, movedOnHand, movedAllocated, open }) => [
    ...(onHand === movedOnHand ? [] : [`${sku}: ${onHand} on hand, but its movements say ${movedOnHand}`]),
    ...(allocated === movedAllocated
      ? []
      : [`${sku}: ${allocated} allocated, but its movements say ${movedAllocated}`]),
    ...(allocated === open ? [] : [`${sku}: ${allocated} allocated, but open reservations hold ${open}`]),
  ])
}

const fitting: Readonly<Record<string, readonly string[]>> = {
  received: ['held', 'committed', 'expired'],
  confirmed: ['committed'],
  prepared: ['committed'],
  shipped: ['shipped'],
  delivered: ['shipped'],
  cancelled: ['released', 'expired'],
}

const reservationBreaches = async ({ catalog, orders }: Databases): Promise<string[]> => {
  const reserved = await catalog<{ id: string; state: string; lines: string }[]>`
    select order_id as id, state, string_agg(variant_id || ' ' || quantity, ', ' order by variant_id) as lines
    from reservations join reservation_lines using (order_id) group by order_id`
  const ordered = await orders<{ id: string; number: string; status: string; lines: string }[]>`
    select id, number, status, (
      select string_agg(variant_id || ' ' || quantity, ', ' order by variant_id) from order_lines where order_id = orders.id
    ) as lines from orders`
  const reservations = new Map(reserved.map((reservation) => [reservation.id, reservation]))
  const known = new Set(ordered.map(({ id }) => id))
  const orphans = reserved.filter(
    ({ id, state }) => !known.has(id) && (state === 'held' || state === 'committed'),
  )
  return [
    ...orphans.map(({ id, state }) => `the reservation ${id} is ${state} for no order`),
    ...ordered.flatMap(({ id, number, status, lines }) => {
      const { state, lines: held } = reservations.get(id) ?? { state: 'missing', lines: '' }
      return [
        ...(fitting[status]?.includes(state) === true
          ? []
          : [`${number} is ${status}, but its reservation is ${state}`]),
        ...(held === lines ? [] : [`${number} has the lines ${lines}, but its reservation ${held}`]),
      ]
    }),
  ]
}
