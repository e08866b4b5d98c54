/** Takes personal data out of what the kit itself keeps: events that were told, stored answers, dead letters. */
import { Envelope } from '@comptoir/contracts/event'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from './database.ts'
import { deadLetters } from './tables.ts'

export interface Redaction {
  /** Of whom or what it speaks; dead letters of others that name it too. */
  readonly id: string
  /** What stands in the place of each field of this name; where a record has no such field, it gets none. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Redacts what this service told of an aggregate. Events that wait to be published go out redacted. */
export const redactEvents = async (
  tx: Transaction,
  aggregate: string,
  { id, fields }: Redaction,
): Promise<void> => {
  await tx.execute(sql`
    update outbox set payload = ${merged(sql`payload`, fields)}
    where aggregate = ${aggregate} and aggregate_id = ${id}`)
}

/** Redacts the answers that were stored since, about the thing whose `id` they carry. */
export const redactAnswers = async (
  tx: Transaction,
  since: Date,
  { id, fields }: Redaction,
): Promise<void> => {
  await tx.execute(sql`
    update idempotency_keys set answer = ${merged(sql`answer`, fields)}
    where created_at >= ${since.toISOString()}::timestamptz and answer->>'id' = ${id}`)
}

/** Forgets the answers that somebody has had: a call of theirs that is repeated runs anew. */
export const deleteAnswersOf = async (
  tx: Transaction,
  { kind, id }: { readonly kind: string; readonly id: string },
): Promise<void> => {
  await tx.execute(sql`
    delete from idempotency_keys where principal = ${`${kind}:${id}`} and answered_at is not null`)
}

/** Redacts the dead letters about it; what cannot be read, and contains its id, is emptied and done with. */
export const redactDeadLetters = async (tx: Transaction, { id, fields }: Redaction): Promise<void> => {
  const letters = await tx
    .select({ id: deadLetters.id, payload: deadLetters.payload })
    .from(deadLetters)
    .where(sql`position(convert_to(${id}, 'UTF8') in ${deadLetters.payload}) > 0`)
    .for('update')
  for (const letter of letters) {
    const about = aboutOf(letter.payload)
    if (about === undefined) await discard(tx, letter.id)
    else if (about.names.includes(id)) await rewrite(tx, letter.id, { about, fields })
  }
}

const merged = (column: ReturnType<typeof sql>, fields: Redaction['fields']) => sql`${column} || coalesce((
  select jsonb_object_agg(field.key, field.value) from jsonb_each(${JSON.stringify(fields)}::jsonb) as field
  where ${column} ? field.key), '{}'::jsonb)`

interface About {
  readonly envelope: Envelope
  readonly data: Readonly<Record<string, unknown>>
  readonly names: readonly unknown[]
}

const Data = z.record(z.string(), z.unknown())

const aboutOf = (payload: Uint8Array): About | undefined => {
  try {
    const envelope = Envelope.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
    const data = Data.parse(envelope.data)
    return { envelope, data, names: [data['id'], data['orderId'], data['userId']] }
  } catch {
    return undefined
  }
}

const rewrite = async (
  tx: Transaction,
  letterId: string,
  { about, fields }: { about: About; fields: Redaction['fields'] },
): Promise<void> => {
  const known = Object.entries(fields).filter(([name]) => name in about.data)
  const envelope = { ...about.envelope, data: { ...about.data, ...Object.fromEntries(known) } }
  const payload = new TextEncoder().encode(JSON.stringify(envelope))
  await tx.update(deadLetters).set({ payload }).where(eq(deadLetters.id, letterId))
}

const discard = async (tx: Transaction, letterId: string): Promise<void> => {
  await tx
    .update(deadLetters)
    .set({
      payload: new Uint8Array(),
      resolvedAt: sql`coalesce(${deadLetters.resolvedAt}, now())`,
      resolution: sql`coalesce(${deadLetters.resolution}, 'discarded')`,
      redriveRequestedAt: null,
      note: 'Could not be read, and named somebody who was erased.',
    })
    .where(eq(deadLetters.id, letterId))
}
