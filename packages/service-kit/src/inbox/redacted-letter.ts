/** A dead letter without what was to be taken out of it. */
import { Envelope } from '@comptoir/contracts/event'
import { inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Queryable } from '../database.ts'
import type { Redaction } from '../redact-kept.ts'
import { deadLetters, redactions } from '../tables.ts'

export interface RedactedLetter {
  readonly payload: Uint8Array
  /** What the operator, whose it still is, has to know of it. */
  readonly note: string | null
}

/** What a message becomes by the redactions that were noted of what it speaks of. */
export const redactedLetter = async (db: Queryable, payload: Uint8Array): Promise<RedactedLetter> => {
  const about = readAbout(payload)
  if (about === undefined) {
    const known = await findContained(db, payload)
    return known.length === 0 ? { payload, note: null } : emptied(known)
  }
  const known = await findNamed(db, about.names)
  return { payload: known.length === 0 ? payload : rewritten(about, known), note: null }
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

const findContained = (db: Queryable, payload: Uint8Array): Promise<{ id: string }[]> =>
  db
    .select({ id: redactions.id })
    .from(redactions)
    .where(
      sql`position(convert_to(${redactions.id}, 'UTF8') in ${sql.param(payload, deadLetters.payload)}) > 0`,
    )
    .limit(namedMax + 1)

const namedMax = 10

const rewritten = ({ envelope, data }: About, known: readonly Redaction[]): Uint8Array => {
  const fields = known.flatMap((redaction) => Object.entries(redaction.fields))
  const instead = Object.fromEntries(fields.filter(([name]) => name in data))
  return new TextEncoder().encode(JSON.stringify({ ...envelope, data: { ...data, ...instead } }))
}

/** Of which things it spoke is all that is left: money may hang on it, and somebody has to look. */
const emptied = (known: readonly { id: string }[]): RedactedLetter => ({
  payload: new Uint8Array(),
  note: `It could not be read, and was emptied because it named what was erased: ${listed(known)}`,
})

const listed = (known: readonly { id: string }[]): string =>
  [...known.slice(0, namedMax).map(({ id }) => id), ...(known.length > namedMax ? ['and more'] : [])].join(
    ', ',
  )
