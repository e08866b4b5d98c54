/** A dead letter without what was to be taken out of it. */
import { Envelope } from '@comptoir/contracts/event'
import { inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Queryable } from '../database.ts'
import type { Redaction } from '../redact-kept.ts'
import { deadLetters, redactions } from '../tables.ts'

/** What a message becomes by the redactions that were noted of what it speaks of. */
export const redactedLetter = async (db: Queryable, payload: Uint8Array) => {
  const about = readAbout(payload)
  const known = about === undefined ? await findContained(db, payload) : await findNamed(db, about.names)
  if (known.length === 0) return { payload }
  return about === undefined ? discarded : { payload: rewritten(about, known) }
}

interface About {
  readonly envelope: Envelope
  readonly data: Readonly<Record<string, unknown>>
  /** Of whom and what it speaks. */
  readonly names: readonly string[]
}

const Data = z.record(z.string(), z.unknown())

const readAbout = (payload: Uint8Array): About | undefined => {
  try {
    const envelope = Envelope.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
    const data = Data.parse(envelope.data)
    const names = [data['id'], data['orderId'], data['userId']].filter((name) => typeof name === 'string')
    return { envelope, data, names }
  } catch {
    return undefined
  }
}

const columns = { id: redactions.id, fields: redactions.fields }

const findNamed = async (db: Queryable, names: readonly string[]): Promise<Redaction[]> =>
  names.length === 0 ? [] : db.select(columns).from(redactions).where(inArray(redactions.id, names))

const findContained = (db: Queryable, payload: Uint8Array): Promise<Redaction[]> =>
  db
    .select(columns)
    .from(redactions)
    .where(
      sql`position(convert_to(${redactions.id}, 'UTF8') in ${sql.param(payload, deadLetters.payload)}) > 0`,
    )
    .limit(1)

const rewritten = ({ envelope, data }: About, known: readonly Redaction[]): Uint8Array => {
  const fields = known.flatMap((redaction) => Object.entries(redaction.fields))
  const instead = Object.fromEntries(fields.filter(([name]) => name in data))
  return new TextEncoder().encode(JSON.stringify({ ...envelope, data: { ...data, ...instead } }))
}

const discarded = {
  payload: new Uint8Array(),
  resolvedAt: sql`now()`,
  resolution: 'discarded',
  redriveRequestedAt: null,
  note: 'Could not be read, and named somebody who was erased.',
} as const
