/** The inbox: a handler's effect and the note that it was done commit together. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../database.ts'
import { statement } from '../prepared.ts'
import { inbox } from '../tables.ts'

/**
 * Notes that a handler does an event. False when it has done it already, or when the event lies among its dead letters:
 * then it is an operator's.
 */
export const noteReceived = async (tx: Transaction, consumer: string, eventId: string): Promise<boolean> => {
  return (await insertNote(tx, { consumer, eventId })).length > 0
}

const insertNote = statement(sql`
  insert into inbox (consumer, event_id)
  select ${sql.placeholder('consumer')}, ${sql.placeholder('eventId')}::uuid
  where not exists (
    select from dead_letters
    where consumer = ${sql.placeholder('consumer')} and event_id = ${sql.placeholder('eventId')}::uuid
      and resolution is distinct from 'redriven')
  on conflict do nothing
  returning true`)

/** The same for a dead letter that an operator redrives. False when it was done already. */
export const noteRedriven = async (tx: Transaction, consumer: string, eventId: string): Promise<boolean> => {
  const noted = await tx
    .insert(inbox)
    .values({ consumer, eventId })
    .onConflictDoNothing()
    .returning({ consumer: inbox.consumer })
  return noted.length > 0
}
