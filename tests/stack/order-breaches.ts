// Invariants 3 to 6 as far as orders know them: one order of a cart and of a key, one row and one event for each move.
import type { Databases } from './databases.ts'

interface Told {
  readonly number: string
  readonly status: string
  readonly version: number
  readonly attention: string | null
  readonly openSteps: number
  readonly history: string[] | null
  readonly events: string[] | null
}

/** Says of each order what is twice, missing or stuck. */
export const orderBreaches = async (databases: Databases): Promise<string[]> => {
  const told = await readOrders(databases)
  return [
    ...told.flatMap(historyBreaches),
    ...(await keyBreaches(databases)),
    ...(await cartBreaches(databases)),
  ]
}

const readOrders = async ({ orders }: Databases): Promise<Told[]> => orders<Told[]>`
  select number, status, version, attention,
    (select count(*)::int from order_steps s where s.order_id = o.id and s.state in ('ready', 'running')) as "openSteps",
    (select array_to_json(array_agg(h.status order by h.position)) from status_history h
      where h.order_id = o.id and h.kind = 'order' and h.status <> 'linked') as history,
    (select array_to_json(array_agg(e.aggregate_version || ' ' || split_part(e.subject, '.', 3) order by e.position))
      from outbox e
      where e.aggregate_id = o.id::text and e.subject not in ('orders.order.linked.v1', 'orders.order.redacted.v1')) as events
  from orders o`

const paths = [
  'received confirmed prepared shipped delivered',
  'received cancelled',
  'received confirmed cancelled',
  'received confirmed prepared cancelled',
]

const historyBreaches = ({
  number,
  status,
  version,
  attention,
  openSteps,
  history,
  events,
}: Told): string[] => {
  const steps = history ?? []
  const walked = steps.join(' ')
  const claims: readonly (readonly [boolean, string])[] = [
    [paths.some((path) => path === walked || path.startsWith(`${walked} `)), `has the history ${walked}`],
    [steps.at(-1) === status, `is ${status}, its history ends with ${steps.at(-1)}`],
    [version === steps.length, `has version ${version} after ${steps.length} moves`],
    [String(events) === String(steps.map((step, index) => `${index + 1} ${step}`)), `told ${String(events)}`],
    [attention === null, `waits for a person: ${attention}`],
    [openSteps === 0, `has ${openSteps} steps under way`],
  ]
  return claims.flatMap(([holds, claim]) => (holds ? [] : [`${number} ${claim}`]))
}

const keyBreaches = async ({ orders }: Databases): Promise<string[]> => {
  const unkeyed = await orders<{ number: string }[]>`
    select number from orders o where not exists (
      select from idempotency_keys k where k.procedure like '%placeOrder' and k.answer->>'id' = o.id::text)`
  return unkeyed.map(({ number }) => `${number} is the answer to no key`)
}

/** Of somebody who was erased an open cart is deleted, also before it is heard that it was ordered. */
const cartBreaches = async ({ orders, carts }: Databases): Promise<string[]> => {
  const ordered = await orders<
    { number: string; cartId: string }[]
  >`select number, cart_id as "cartId" from orders where erasure is null`
  const ended = await carts<{ id: string }[]>`select id from carts where state = 'ordered'`
  const closed = new Set(ended.map(({ id }) => id))
  const twice = ordered.length - new Set(ordered.map(({ cartId }) => cartId)).size
  return [
    ...(twice === 0 ? [] : [`${twice} carts were ordered twice`]),
    ...ordered.flatMap(({ number, cartId }) =>
      closed.has(cartId) ? [] : [`the cart of ${number} is still open`],
    ),
  ]
}
