import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { DatabaseHandle } from '../src/database.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { noHandler, showDeadLetter, storeDeadLetter, type NewDeadLetter } from '../src/inbox/dead-letters.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { migrations } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle
let id: string

const letter: NewDeadLetter = {
  consumer: 'count',
  stream: 'SAMPLES',
  streamSequence: 1,
  subject: 'samples.tally.counted.v1',
  eventId: undefined,
  payload: new TextEncoder().encode('the message'),
  traceparent: undefined,
  reason: 'poison',
  error: 'PoisonError',
  deliveries: 1,
}

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 1 })
  await storeDeadLetter(handle, letter)
  id = String((await handle.sql`select id from dead_letters`)[0]?.['id'])
})
afterAll(async () => {
  await handle.close()
  await database.drop()
})

const cli = fileURLToPath(new URL('../src/inbox/dead-letters-cli.ts', import.meta.url))
const run = async (...words: string[]) => {
  const child = Bun.spawn([process.execPath, cli, ...words], {
    env: { ...process.env, DATABASE_URL: database.url },
    stderr: 'pipe',
  })
  return { out: await new Response(child.stdout).text(), code: await child.exited }
}

test('lists what is open without the message, and shows one with it', async () => {
  const { out, code } = await run('list', '--service', 'samples')
  expect(code).toBe(0)
  expect(out).toContain(`${id}  `)
  expect(out).not.toContain('the message')
  expect((await run('show', '--service', 'samples', id)).out).toContain('the message')
})

test('what no handler knows is left out of a redrive, and discarded by its subject and by no other', async () => {
  const unknown = { ...letter, consumer: noHandler, reason: 'unknown' } as const
  for (const [index, subject] of ['strange', 'strange', 'other'].entries())
    await storeDeadLetter(handle, { ...unknown, streamSequence: 10 + index, subject })
  const { out } = await run('redrive', '--service', 'samples', '--all')
  expect(out).toContain('3 left out')
  expect(await handle.sql`select from dead_letters where redrive_requested_at is not null`).toHaveLength(1)
  const words = ['discard', '--service', 'samples', '--subject', 'strange', '--reason', 'went back']
  expect((await run(...words)).out).toContain('2 done')
  const open = await handle.sql`select subject from dead_letters where resolved_at is null order by subject`
  expect(open.map((row) => row['subject'])).toEqual(['other', 'samples.tally.counted.v1'])
})

test('what a letter says of itself stands before the reason for which it is discarded', async () => {
  await handle.sql`update dead_letters set note = 'It was emptied' where subject = 'other'`
  const [row] = await handle.sql`select id from dead_letters where subject = 'other'`
  await run('discard', '--service', 'samples', String(row?.['id']), '--reason', 'looked at')
  expect(await showDeadLetter(handle.db, String(row?.['id']))).toMatchObject({
    note: 'It was emptied; looked at',
  })
})

test('asks for a redrive, and discards with a reason', async () => {
  expect((await run('redrive', '--service', 'samples', id)).code).toBe(0)
  expect((await showDeadLetter(handle.db, id))?.redriveRequestedAt).toBeInstanceOf(Date)
  expect((await run('discard', '--service', 'samples', id)).code).not.toBe(0)
  expect((await run('discard', '--service', 'samples', id, '--reason', 'a test')).code).toBe(0)
  expect(await showDeadLetter(handle.db, id)).toMatchObject({ resolution: 'discarded', note: 'a test' })
  expect((await run('redrive', '--service', 'samples', id)).code).toBe(1)
})

test('explains itself when it is not understood', async () => {
  expect((await run('list')).code).toBe(2)
})

test('makes no database for a service that there is not', async () => {
  expect((await run('list', '--service', 'smaples')).code).not.toBe(0)
  const found = await handle.sql`select 1 from pg_database where datname = 'comptoir_smaples'`
  expect(found).toHaveLength(0)
})
