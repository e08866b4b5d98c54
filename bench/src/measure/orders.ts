import type { Sql } from 'postgres'

/** Orders by their status, read from the service's own table: the bench is no client of the shop here. */
export const countOrders = async (orders: Sql): Promise<{ placed: number; confirmed: number }> => {
  const [row] = await orders<{ placed: number; confirmed: number }[]>`
    select count(*)::int as placed, count(*) filter (where status = 'confirmed')::int as confirmed from orders`
  return row ?? { placed: 0, confirmed: 0 }
}

const glanceMs = 50
const calmMs = 1_500
const calmLimitMs = 20_000

/** Waits until no order has been confirmed for a while: what an earlier part of the bench began has come to rest. */
export const awaitCalm = async (orders: Sql): Promise<void> => {
  const until = performance.now() + calmLimitMs
  for (let before = -1; performance.now() < until; await Bun.sleep(calmMs)) {
    const { confirmed } = await countOrders(orders)
    if (confirmed === before) return
    before = confirmed
  }
}

/** Waits until so many orders are confirmed; answers how long that took and how many are by then. */
export const awaitConfirmed = async (
  orders: Sql,
  wanted: number,
  limitMs: number,
): Promise<{ confirmed: number; waitedMs: number }> => {
  const startedAt = performance.now()
  for (;;) {
    const { confirmed } = await countOrders(orders)
    const waitedMs = performance.now() - startedAt
    if (confirmed >= wanted || waitedMs > limitMs) return { confirmed, waitedMs }
    await Bun.sleep(glanceMs)
  }
}
