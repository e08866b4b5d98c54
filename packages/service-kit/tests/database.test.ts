import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { administer } from '../src/storage/create-database.ts'
import type { DatabaseHandle } from '../src/database.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { afterCommit } from '../src/storage/transaction.ts'
import { migrations } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle
const folder = mkdtempSync(join(tmpdir(), 'comptoir-kit-'))

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 1 })
})
beforeEach(async () => {
  await handle.sql`truncate tallies`
})
afterAll(async () => {
  await handle.close()
  await database.drop()
  rmSync(folder, { recursive: true })
})

const insert = (id: string) => sql`insert into tallies values (${id}, 1)`
const ids = async () => (await handle.sql`select id from tallies order by id`).map((row) => row['id'])
const script = (name: string, argument: string[], env: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, join(import.meta.dir, 'fixture', name), ...argument], {
    env: { ...process.env, ...env },
  })

test('a pool of one connection serves many transactions and statements at once', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `t${index}`)
  await Promise.all(
    names.map(async (name) => {
      await handle.transaction(async (tx) => {
        await tx.execute(sql`select 1`)
        await tx.execute(insert(name))
      })
      await handle.db.execute(sql`select version from tallies where id = ${name}`)
    }),
  )
  expect(await ids()).toHaveLength(50)
})

test('a second connection or transaction inside a transaction is a programming error, and rolls back', async () => {
  const beside = handle.transaction(async (tx) => {
    await tx.execute(insert('beside'))
    await handle.db.execute(sql`select 1`)
  })
  await expect(beside).rejects.toThrow()
  const nested = handle.transaction(async (tx) => {
    await tx.execute(insert('nested'))
    await handle.transaction(async () => undefined)
  })
  await expect(nested).rejects.toThrow('A transaction is open already')
  expect(() => handle.db.transaction(async () => undefined)).toThrow('ctx.transaction')
  expect(await ids()).toEqual([])
})

test('who finds no connection in time is told UNAVAILABLE', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const long = handle.transaction(() => promise)
  await expect(handle.transaction(async () => undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await handle.ping(50)).toBe(false)
  resolve()
  await long
  expect(await handle.ping(1_000)).toBe(true)
})

test('a hook that throws neither fails nor repeats what was committed, nor keeps others from running', async () => {
  const seen: string[] = []
  const result = await handle.transaction(async (tx) => {
    afterCommit(() => {
      throw Object.assign(new Error('Broken'), { code: '40001' })
    })
    afterCommit(() => seen.push('second'))
    await tx.execute(insert('once'))
    return 'done'
  })
  expect(result).toBe('done')
  expect(seen).toEqual(['second'])
  expect(await ids()).toEqual(['once'])
})

test('hooks run after the commit, and not after a rollback', async () => {
  const seen: unknown[] = []
  await handle.transaction(async (tx) => {
    afterCommit(() => seen.push('committed'))
    await tx.execute(insert('hook'))
    seen.push('working')
  })
  const failing = handle.transaction(async () => {
    afterCommit(() => seen.push('never'))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  afterCommit(() => seen.push('at once'))
  expect(seen).toEqual(['working', 'committed', 'at once'])
})

test('a transaction that the server aborts for others is run again', async () => {
  let runs = 0
  await handle.transaction(async (tx) => {
    runs += 1
    await tx.execute(insert('again'))
    if (runs < 3)
      await tx.execute(sql`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`)
  })
  expect(runs).toBe(3)
  expect(await ids()).toEqual(['again'])
})

test('a statement that takes too long is UNAVAILABLE and its connection is free again', async () => {
  const slow = handle.transaction((tx) => tx.execute(sql`select pg_sleep(10)`))
  await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await handle.ping(1_000)).toBe(true)
})

test('the pool comes back after the server dropped its connections', async () => {
  const admin = administer(database.url)
  // The time is what is waited at most for their end; without it, one may still answer the next statement and then go.
  await admin`select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  await admin.end()
  // The statement that meets the loss may fail; the one after it may not.
  await handle.db.execute(sql`select 1`).catch(() => undefined)
  await handle.transaction((tx) => tx.execute(insert('back')))
  expect(await ids()).toEqual(['back'])
})

test('a transaction whose connection was lost writes nothing more, in or outside of a transaction', async () => {
  let late: Promise<unknown> = Promise.resolve()
  const lost = handle.transaction(async (tx) => {
    await tx.execute(insert('early'))
    const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    const admin = administer(database.url)
    await admin`select pg_terminate_backend(${row?.pid ?? 0})`
    await admin.end()
    late = tryLate(() => tx.execute(insert('late')))
    await late
  })
  await expect(lost).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await Promise.all(Array.from({ length: 10 }, () => handle.db.execute(sql`select 1`)))
  await late
  expect(await ids()).toEqual([])
})

/** Goes on trying, as code that does not know of the loss would. */
const tryLate = async (write: () => PromiseLike<unknown>): Promise<void> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await Bun.sleep(5)
    await Promise.resolve()
      .then(write)
      .catch(() => undefined)
  }
}

test('processes that start at once create and migrate one database', async () => {
  const server = process.env['TEST_DATABASE_URL'] ?? ''
  const service = `race${crypto.randomUUID().slice(0, 8)}`
  const processes = [1, 2, 3].map(() => script('migrate-process.ts', [server, service]))
  expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual([0, 0, 0])
  const admin = administer(server)
  const [found] = await admin`select datname from pg_database where datname = ${`comptoir_${service}`}`
  expect(found).toBeDefined()
  await admin`drop database ${admin(`comptoir_${service}`)}`
  await admin.end()
})

test('a process dies at the crash point it was told, once, and before what comes after it', async () => {
  const env = {
    CRASH_AT: 'before-commit:tallyUp',
    CRASH_MARKER: join(folder, 'marker'),
    CRASH_TRACE: join(folder, 'trace'),
  }
  const dying = script('crash-process.ts', [database.url], env)
  await dying.exited
  expect(dying.signalCode).toBe('SIGKILL')
  expect(await ids()).toEqual([])
  const living = script('crash-process.ts', [database.url], env)
  expect(await living.exited).toBe(0)
  expect(await ids()).toEqual(['crash'])
  const passed = readFileSync(env.CRASH_TRACE, 'utf8').trim().split('\n')
  expect(passed).toEqual(['before-commit:tallyUp', 'before-commit:tallyUp', 'after-commit:tallyUp'])
})
