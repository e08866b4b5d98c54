import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { DatabaseHandle } from '../src/database.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { noHandler } from '../src/inbox/dead-letters.ts'
import { currentScope } from '../src/scope.ts'
import { createRetention } from '../src/storage/retention.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { startWorkers, type Worker } from '../src/worker.ts'
import { migrations, until } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 2 })
})
afterAll(async () => {
  await handle.close()
  await database.drop()
})

const quiet = () => undefined
const start = (worker: Worker<object>) =>
  startWorkers({
    workers: [worker],
    context: {},
    service: 'samples',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })

test('a worker runs at once, again while there is more, and then when it is woken', async () => {
  let runs = 0
  const run = async () => {
    runs += 1
    return runs < 3
  }
  const workers = start({ name: 'sweep', everyMs: 60_000, run })
  await until(() => runs === 3)
  workers.wake('sweep')
  await until(() => runs === 4)
  await workers.stop()
  expect(runs).toBe(4)
})

test('a wake inside a transaction takes effect once it has committed', async () => {
  let runs = 0
  const run = async () => {
    runs += 1
  }
  const workers = start({ name: 'sweep', everyMs: 60_000, run })
  await until(() => runs === 1)
  await handle.transaction(async (tx) => {
    workers.wake('sweep')
    await tx.execute('select 1')
    expect(runs).toBe(1)
  })
  await until(() => runs === 2)
  await workers.stop()
})

test('a worker that throws is tried again, and acts as its service', async () => {
  const scopes: unknown[] = []
  const run = async () => {
    scopes.push(currentScope())
    if (scopes.length === 1) throw new Error('down')
  }
  const workers = start({ name: 'sweep', everyMs: 1, run })
  await until(() => scopes.length > 1)
  await workers.stop()
  expect(scopes[0]).toEqual({ label: 'sweep', actor: { kind: 'service', id: 'samples', scopes: [] } })
  expect(() => workers.wake('unknown')).toThrow('unknown')
})

test('a stop aborts the signal and waits for the run', async () => {
  let ended = false
  const run = async (_: object, signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve())
    await promise
    ended = true
  }
  const workers = start({ name: 'sweep', everyMs: 60_000, run })
  await workers.stop()
  expect(ended).toBe(true)
})

test('old rows go, and nothing that is still needed', async () => {
  const { sql } = handle
  await sql`insert into inbox select 'c', gen_random_uuid(), now() - d * interval '1 day' from unnest(array[1, 29, 31]) d`
  await sql`
    insert into outbox (id, aggregate, aggregate_id, aggregate_version, subject, payload, headers, occurred_at, published_at)
    select gen_random_uuid(), 'a', 'a', d, 's', '{}', '{}', now() - interval '90 days',
      case when d > 0 then now() - d * interval '1 day' end
    from unnest(array[0, 6, 8]) d`
  await sql`
    insert into idempotency_keys (principal, procedure, key, fingerprint, operation_id, owner, lease_until, created_at)
    select 'p', 'p', d::text, 'f', gen_random_uuid(), gen_random_uuid(), now(), now() - d * interval '1 day'
    from unnest(array[6, 8]) d`
  await sql`
    insert into dead_letters (id, consumer, stream, stream_sequence, subject, payload, reason, error, deliveries, created_at, resolved_at)
    select gen_random_uuid(), 'c', 's', d, 's', '', 'poison', 'e', 1, now() - interval '90 days',
      case when d > 0 then now() - d * interval '1 day' end
    from unnest(array[0, 29, 31]) d`
  await sql`
    insert into redactions (id, fields, noted_at, applied_at)
    select d::text, '{}', now() - interval '90 days', case when d > 0 then now() - d * interval '1 day' end
    from unnest(array[0, 29, 31]) d`
  await sql`
    insert into dead_letters (id, consumer, stream, stream_sequence, subject, payload, reason, error, deliveries, created_at, resolved_at)
    select gen_random_uuid(), ${noHandler}, 's', d, 'strange', '', 'unknown', 'e', 1, now() - d * interval '1 day',
      case when d = 17 then now() end
    from unnest(array[13, 15, 16, 17]) d`
  const errors: unknown[] = []
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (_: string, fields?: object) => void errors.push(fields),
  }
  await createRetention(handle, log).run({}, new AbortController().signal)
  expect(errors).toEqual([{ subject: 'strange', events: 2 }])
  expect(await sql`select 1 from inbox`).toHaveLength(2)
  expect(await sql`select 1 from outbox`).toHaveLength(2)
  expect(await sql`select 1 from idempotency_keys`).toHaveLength(1)
  expect(await sql`select 1 from dead_letters`).toHaveLength(3)
  expect(await sql`select 1 from redactions`).toHaveLength(2)
})
