import type { Clock } from '../clock.ts'
import { inTransaction } from '../ledger.ts'
import type { Channel } from './channel.ts'
import { addDelivery } from './delivery-table.ts'

type Redelivery = { eventId?: string | undefined; since?: number | undefined; times: number }

type Known = { event_id: string; type: string }

const known = ({ ledger }: Channel, { eventId, since }: Redelivery): Known[] =>
  eventId === undefined
    ? ledger
        .query<Known, [number]>(
          `select event_id, type from deliveries where created_at >= ? group by event_id order by min(seq)`,
        )
        .all((since ?? 0) * 1000)
    : ledger
        .query<Known, [string]>('select event_id, type from webhook_bodies where event_id = ?')
        .all(eventId)

// Owes again what was owed before, whatever became of it. Returns how many deliveries that makes.
export const redeliver = (channels: readonly Channel[], wanted: Redelivery, clock: Clock): number => {
  const now = clock.now()
  return channels.reduce(
    (count, channel) =>
      count +
      inTransaction(channel.ledger, () => {
        const events = known(channel, wanted)
        for (let time = 0; time < wanted.times; time += 1)
          for (const event of events)
            addDelivery(channel.ledger, { ...event, state: 'pending', next_at: now, created_at: now })
        return events.length * wanted.times
      }),
    0,
  )
}
