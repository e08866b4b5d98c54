import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { on } from '../src/consumer.ts'
import type { DatabaseHandle } from '../src/database.ts'
import { createAdoption } from '../src/inbox/adoption.ts'
import { listDeadLetters, type NewDeadLetter, noHandler, storeDeadLetter } from '../src/inbox/dead-letters.ts'
import { createLogger } from '../src/logger.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { createRedact } from '../src/storage/redact.ts'
import { noteRedaction, type Redaction } from '../src/redact-kept.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { counted, migrations } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 5 })
})
beforeEach(async () => {
  await handle.sql`truncate tallies, dead_letters, redactions, outbox`
})
afterAll(async () => {
  await handle.close()
  await database.drop()
})

const mark = 'zenobia@example.com'
const fields = { email: 'erased@erased.invalid' }
const redact = (on = handle) =>
  createRedact(on, createLogger('samples', 'silent')).run({}, new AbortController().signal)
const note = (id: string, aggregate?: string, noted: Redaction['fields'] = fields) =>
  handle.transaction((tx) => noteRedaction(tx, { id, fields: noted }, aggregate))

const envelope = (data: object): string =>
  JSON.stringify({
    specversion: '1.0',
    id: crypto.randomUUID(),
    source: 'samples',
    type: 'samples.tally.counted.v1',
    subject: 'tally',
    time: '2026-11-20T10:00:00.000Z',
    datacontenttype: 'application/json',
    aggregate: 'tally',
    version: 1,
    data,
  })
let sequence = 0
const letterOf = (text: string): NewDeadLetter => ({
  consumer: 'count',
  stream: 'SAMPLES',
  streamSequence: (sequence += 1),
  subject: 'samples.tally.counted.v1',
  eventId: undefined,
  payload: new TextEncoder().encode(text),
  traceparent: undefined,
  reason: 'exhausted',
  error: 'Error',
  deliveries: 9,
})
const store = (text: string) => storeDeadLetter(handle, letterOf(text))
const kept = async () => {
  const rows = await handle.sql<{ text: string; resolution: string | null }[]>`
    select convert_from(payload, 'UTF8') as text, resolution from dead_letters order by stream_sequence`
  return [...rows]
}
const someoneWaits = async (count = 1): Promise<void> => {
  const waiting = () => handle.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting()).length < count) await Bun.sleep(5)
}
const isOpen = async () => (await handle.sql`select from redactions where applied_at is null`).length > 0

test('dead letters that are there lose what was redacted, can still be redriven, and others keep theirs', async () => {
  const [id, other] = [crypto.randomUUID(), crypto.randomUUID()]
  await store(envelope({ orderId: id, email: mark, total: 5 }))
  await store(envelope({ orderId: other, email: mark }))
  await store(`{"id":"${id}","to":"${mark}`)
  await note(id)
  await redact()
  const [first, second, third] = await kept()
  expect(JSON.parse(first?.text ?? '')).toMatchObject({ data: { orderId: id, ...fields, total: 5 } })
  expect(second?.text).toContain(mark)
  expect(third).toEqual({ text: '', resolution: null })
  expect((await listDeadLetters(handle.db)).map((letter) => letter.note?.includes(id))).toEqual([
    undefined,
    undefined,
    true,
  ])
  expect(await isOpen()).toBe(false)
})

test('a dead letter that is stored after the redaction has nothing of it, readable or not', async () => {
  const id = crypto.randomUUID()
  await note(id)
  await redact()
  await store(envelope({ userId: id, email: mark }))
  await store(`${id} ${mark}`)
  await store(`nobody that was erased, but ${mark}`)
  const texts = (await kept()).map(({ text }) => text)
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ data: { userId: id, ...fields } })
  expect(texts.slice(1)).toEqual(['', `nobody that was erased, but ${mark}`])
})

/** A handle whose transaction has done its work and is not committed until it is allowed to. */
const heldBack = () => {
  const written = Promise.withResolvers<void>()
  const allowed = Promise.withResolvers<void>()
  const slow: Pick<DatabaseHandle, 'transaction'> = {
    transaction: (work) =>
      handle.transaction(async (tx) => {
        const done = await work(tx)
        written.resolve()
        await allowed.promise
        return done
      }),
  }
  return { slow, written: written.promise, allow: allowed.resolve }
}

test('a dead letter that is being stored while its redaction is noted does not slip through', async () => {
  const id = crypto.randomUUID()
  const { slow, written, allow } = heldBack()
  const storing = storeDeadLetter(slow, letterOf(envelope({ id, email: mark })))
  await written
  await note(id)
  const redacting = redact()
  await Promise.race([redacting, someoneWaits()])
  allow()
  await Promise.all([storing, redacting])
  expect((await kept())[0]?.text).not.toContain(mark)
})

test('a dead letter that is taken over between being looked for and being redacted does not slip through', async () => {
  const id = crypto.randomUUID()
  await storeDeadLetter(handle, { ...letterOf(envelope({ id, email: mark })), consumer: noHandler })
  const { slow, written, allow } = heldBack()
  const adoption = createAdoption({ handle: slow, bindings: [on(counted, async () => undefined, 'count')] })
  const adopting = adoption.run({}, new AbortController().signal)
  await written
  await note(id)
  // Waits for the adoption, and keeps whoever wants rows of the table waiting, but not whoever reads it.
  const locking = handle.sql.begin((tx) => tx`lock table dead_letters in exclusive mode`)
  await someoneWaits()
  const redacting = redact()
  await someoneWaits(2)
  allow()
  await Promise.all([adopting, locking, redacting])
  const texts = (await kept()).map(({ text }) => text)
  expect(texts).toHaveLength(2)
  expect(texts.join()).not.toContain(mark)
})

test('a pile of dead letters that takes long to look through keeps no erasure from being done', async () => {
  const id = `${'a'.repeat(2_000)}b`
  await store(envelope({ id, email: mark }))
  // Compared with the id at every place of them.
  await handle.sql`
    insert into dead_letters (id, consumer, stream, stream_sequence, subject, payload, reason, error, deliveries)
    select gen_random_uuid(), 'pile', 'SAMPLES', -n, 's', convert_to(repeat('a', 1000000), 'UTF8'), 'poison', 'e', 1
    from generate_series(1, 10) n`
  await note(id)
  await redact({
    ...handle,
    transaction: (work) =>
      handle.transaction(async (tx) => {
        await tx.execute(sql`set local statement_timeout = 50`)
        return work(tx)
      }),
  })
  const [row] =
    await handle.sql`select convert_from(payload, 'UTF8') as text from dead_letters where consumer = 'count'`
  expect(row?.['text']).not.toContain(mark)
  expect(await isOpen()).toBe(false)
})

test('a redrive that has the dead letter and wants the order does not deadlock with whoever erases the order', async () => {
  const id = crypto.randomUUID()
  await store(envelope({ orderId: id, email: mark }))
  await handle.sql`insert into tallies values (${id}, 1)`
  const hasLetter = Promise.withResolvers<void>()
  const hasOrder = Promise.withResolvers<void>()
  const lockOrder = sql`select from tallies where id = ${id} for update`
  const redriving = handle.transaction(async (tx) => {
    await tx.execute(sql`select from dead_letters for update`)
    hasLetter.resolve()
    await hasOrder.promise
    await tx.execute(lockOrder)
    await redacted
  })
  const noted = handle.transaction(async (tx) => {
    await hasLetter.promise
    await tx.execute(lockOrder)
    hasOrder.resolve()
    await noteRedaction(tx, { id, fields })
  })
  // Done while the redrive still has the dead letter: it is passed over, and waits for nobody.
  const redacted = noted.then(() => redact())
  await Promise.all([redriving, noted])
  expect((await kept())[0]?.text).toContain(mark)
  await redact()
  expect((await kept())[0]?.text).not.toContain(mark)
  expect(await isOpen()).toBe(false)
})

test('an event that waits goes out as it was told, and is redacted once it is published', async () => {
  const id = crypto.randomUUID()
  await handle.sql`
    insert into outbox (id, aggregate, aggregate_id, aggregate_version, subject, payload, headers, occurred_at, published_at)
    select gen_random_uuid(), 'tally', ${id}, version, 's', jsonb_build_object('email', ${mark}::text, 'total', 5), '{}',
      now(), case when version = 1 then now() end
    from generate_series(1, 2) version`
  const told = async () =>
    (await handle.sql`select payload from outbox order by position`).map((row) => row['payload'])
  await note(id, 'tally')
  await redact()
  expect(await told()).toEqual([
    { ...fields, total: 5 },
    { email: mark, total: 5 },
  ])
  expect(await isOpen()).toBe(true)
  await handle.sql`update outbox set published_at = now()`
  await redact()
  expect(JSON.stringify(await told())).not.toContain(mark)
  expect(await isOpen()).toBe(false)
})

const told = (id: string, data: object) => handle.sql`
  insert into outbox (id, aggregate, aggregate_id, aggregate_version, subject, payload, headers, occurred_at, published_at)
  values (gen_random_uuid(), 'tally', ${id}, 1, 's', ${JSON.stringify(data)}::text::jsonb, '{}', now(), now())`
const everything = async () => {
  const events = await handle.sql`select payload::text from outbox`
  return JSON.stringify([await kept(), [...events]])
}

test('what is noted while the same thing is being redacted is redacted too', async () => {
  const id = crypto.randomUUID()
  await told(id, { email: mark, name: 'Zenobia' })
  await store(envelope({ id, email: mark, name: 'Zenobia' }))
  await note(id, 'tally')
  let redacting: Promise<unknown> = Promise.resolve()
  await handle.sql.begin(async (tx) => {
    await tx`select from outbox for update`
    redacting = redact()
    // It has read what to redact, and wants the event.
    await someoneWaits()
    await note(id, 'tally', { name: '' })
  })
  await redacting
  await redact()
  expect(await everything()).not.toMatch(/zenobia/i)
  expect(await isOpen()).toBe(false)
})

test('what was noted before is not forgotten by what is noted after it, and may be redacted twice', async () => {
  const id = crypto.randomUUID()
  await told(id, { email: mark, name: 'Zenobia', total: 5 })
  await store(envelope({ id, email: mark, name: 'Zenobia', total: 5 }))
  await note(id, 'tally')
  await note(id, undefined, { name: '' })
  await redact()
  const once = await everything()
  expect(once).not.toMatch(/zenobia/i)
  await note(id)
  await redact()
  expect(await everything()).toBe(once)
})
