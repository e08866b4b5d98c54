// What a shop is still busy with: once nothing is left, its books can be compared.
import type { Databases } from './databases.ts'
import { eventBreaches } from './event-breaches.ts'
import { until } from './until.ts'

/** Names the work that is under way. */
const unfinished = async (databases: Databases, natsUrl: string): Promise<string[]> => {
  const { payments, notifications, orders, delivery } = databases
  // First, because whoever hears an event makes work of it.
  const unheard = await eventBreaches(databases, natsUrl)
  const [operations, messages, steps, dispatches] = await Promise.all([
    payments<
      { n: number }[]
    >`select count(*)::int as n from payment_operations where state in ('requested', 'unknown')`,
    notifications<{ n: number }[]>`select count(*)::int as n from messages where run_at is not null`,
    orders<{ n: number }[]>`select count(*)::int as n from order_steps where state in ('ready', 'running')`,
    delivery<{ n: number }[]>`select count(*)::int as n from shipments where status = 'dispatching'`,
  ])
  const counted = {
    'calls of the payment provider': operations,
    messages,
    'steps of orders': steps,
    dispatches,
  }
  return [
    ...Object.entries(counted).flatMap(([what, [row]]) =>
      row?.n === 0 ? [] : [`${row?.n} ${what} are under way`],
    ),
    ...unheard,
  ]
}

/** Waits until nothing is under way any more; says what is left when that takes too long. */
export const settled = (databases: Databases, natsUrl: string, withinMs = 60_000): Promise<boolean> =>
  until(
    'everything is settled',
    async () => {
      const seen = await unfinished(databases, natsUrl)
      // Work that ended while it was counted may have told an event that nobody had looked for yet.
      const left = seen.length > 0 ? seen : await unfinished(databases, natsUrl)
      if (left.length > 0) throw new Error(left.join('; '))
      return true
    },
    withinMs,
  )
