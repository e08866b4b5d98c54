// The invariants of the domain, asked of every database and of what the providers wrote down.
import type { Stack } from '@comptoir/dev/stack'
import { type Databases, openDatabases } from './databases.ts'
import { eventBreaches } from './event-breaches.ts'
import { messageBreaches } from './message-breaches.ts'
import { moneyBreaches } from './money-breaches.ts'
import { orderBreaches } from './order-breaches.ts'
import { stockBreaches } from './stock-breaches.ts'
import { settled } from './unfinished.ts'

type Running = Pick<Stack, 'databaseUrl' | 'natsUrl' | 'sandboxUrl'>

/** Waits until the shop is at rest and says what does not hold then; an empty list is a shop whose books are right. */
export const breachesAtRest = async (stack: Running, withinMs = 60_000): Promise<string[]> => {
  await using databases = openDatabases(stack.databaseUrl)
  await settled(databases, stack.natsUrl, withinMs)
  return await breachesOf(databases, stack)
}

const breachesOf = async (databases: Databases, { natsUrl, sandboxUrl }: Running): Promise<string[]> => {
  const breaches = await Promise.all([
    stockBreaches(databases),
    moneyBreaches(databases, sandboxUrl),
    orderBreaches(databases),
    messageBreaches(databases, sandboxUrl),
    eventBreaches(databases, natsUrl),
  ])
  return breaches.flat()
}

/** The orders that have not ended, such as `C-1007 received`. */
export const openOrders = async (stack: Running): Promise<string[]> => {
  await using databases = openDatabases(stack.databaseUrl)
  const open = await databases.orders<{ shown: string }[]>`
    select number || ' ' || status as shown from orders where status not in ('delivered', 'cancelled') order by number`
  return open.map(({ shown }) => shown)
}
