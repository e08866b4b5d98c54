/** Takes personal data out of what the kit itself keeps: events that were told, stored answers, dead letters. */
import { sql } from 'drizzle-orm'
import type { Transaction } from './database.ts'
import { statement } from './prepared.ts'
import { redactions } from './tables.ts'

export interface Redaction {
  /** Of whom or what it speaks. */
  readonly id: string
  /** What stands in the place of each field of this name; where a record has no such field, it gets none. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Redacts the dead letters that speak of something or name it, those that are there within seconds and those that are
 * stored in the next thirty days at once; what cannot be read, and contains its id, is emptied and stays with the operator.
 * Of an `aggregate` the events are redacted too, each once it is published. Noted again, it goes for all fields that were
 * ever noted, and is applied again.
 *
 * It is only noted here, and done by a worker in a transaction of its own: a redrive has the dead letter before it has
 * the order, so that whoever has the order must not wait for the dead letter.
 */
export const noteRedaction = async (
  tx: Transaction,
  { id, fields }: Redaction,
  aggregate: string | null = null,
): Promise<void> => {
  await tx
    .insert(redactions)
    .values({ id, aggregate, fields })
    .onConflictDoUpdate({
      target: redactions.id,
      set: {
        aggregate: sql`coalesce(excluded.aggregate, ${redactions.aggregate})`,
        fields: sql`${redactions.fields} || excluded.fields`,
        notedAt: sql`now()`,
        appliedAt: null,
      },
    })
}

const findRedaction = statement(sql`select true from redactions where id = ${sql.placeholder('id')}`)

/** Whether something was redacted here in the last thirty days. */
export const isRedacted = async (tx: Transaction, id: string): Promise<boolean> =>
  (await findRedaction(tx, { id })).length > 0

/** Redacts the answers that were stored about the thing whose `id` they carry; takes `idempotencyKeysByAnswer`. */
export const redactAnswers = async (tx: Transaction, { id, fields }: Redaction): Promise<void> => {
  await tx.execute(sql`
    update idempotency_keys set answer = ${redacted(sql`answer`, fields)}
    where answer is not null and answer->>'id' = ${id}`)
}

/** Forgets the answers that somebody has had: a call of theirs that is repeated runs anew. */
export const deleteAnswersOf = async (
  tx: Transaction,
  { kind, id }: { readonly kind: string; readonly id: string },
): Promise<void> => {
  await tx.execute(sql`
    delete from idempotency_keys where principal = ${`${kind}:${id}`} and answered_at is not null`)
}

/** The object of a JSON column with other values for those of the fields that it has. */
export const redacted = (
  column: ReturnType<typeof sql>,
  fields: Redaction['fields'],
) => sql`${column} || coalesce((
  select jsonb_object_agg(field.key, field.value) from jsonb_each(${JSON.stringify(fields)}::jsonb) as field
  where ${column} ? field.key), '{}'::jsonb)`
