import { afterAll, beforeAll, expect, test } from 'bun:test'
import { occurred } from '@comptoir/contracts/event'
import { DeliverPolicy } from '@nats-io/jetstream'
import { readEnvelope } from '../src/outbox/envelope.ts'
import { startRelay, type Relay } from '../src/outbox/relay.ts'
import { counted, startStack, until, type Stack } from './fixture/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

const relayOf = ({ handle, nc, log }: Stack): Relay => startRelay({ handle, nc, source: 'samples', log })

/** Writes the next version of an aggregate as a procedure does: under the row's lock. */
const count = async (id: string, filling = ''): Promise<void> => {
  await stack.handle.transaction(async (tx) => {
    const [row] = await tx.execute<{ version: number }>(
      `insert into tallies values ('${id}', 1) on conflict (id) do update set version = tallies.version + 1 returning version`,
    )
    const version = row?.version ?? 0
    await stack.emit(tx, [occurred(counted, { aggregateId: id, version, data: { count: version, filling } })])
  })
}

const published = async (prefix: string): Promise<Map<string, number[]>> => {
  const versions = new Map<string, number[]>()
  const { state } = await stack.jsm.streams.info('SAMPLES')
  if (state.messages === 0) return versions
  const consumer = await stack.jsm.jetstream().consumers.get('SAMPLES', { deliver_policy: DeliverPolicy.All })
  for await (const message of await consumer.consume()) {
    const { subject: id, version } = readEnvelope(message.data)
    if (id.startsWith(prefix)) versions.set(id, [...(versions.get(id) ?? []), version])
    if (message.info.pending === 0) break
  }
  return versions
}

const drained = async (relay: Relay): Promise<boolean> => (await relay.lag()).rows === 0

test('publishes every event once and in the order of its aggregate, also over a kill of NATS', async () => {
  const relay = relayOf(stack)
  const ids = Array.from({ length: 12 }, (_, index) => `kill-${index}`)
  const write = async (id: string) => {
    for (let version = 1; version <= 25; version += 1) {
      await count(id)
      relay.wake()
    }
  }
  const writing = Promise.all(ids.map(write))
  await until(async () => (await stack.jsm.streams.info('SAMPLES')).state.messages > 20)
  await stack.nats.kill()
  await writing
  expect((await relay.lag()).rows).toBeGreaterThan(0)
  await stack.nats.restart()
  await until(() => drained(relay))
  const versions = await published('kill-')
  for (const id of ids) expect(versions.get(id)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
  const rows = await stack.handle
    .sql`select 1 from outbox where stream_sequence is null or published_at is null`
  expect(rows).toHaveLength(0)
  await relay.stop()
})

test('a refused event blocks its own aggregate and no other, and goes out once it can', async () => {
  const relay = relayOf(stack)
  await count('big', 'x'.repeat(3_000))
  await count('big')
  await count('small')
  relay.wake()
  await until(async () => (await published('small')).has('small'))
  await until(async () => {
    const [row] = await stack.handle
      .sql`select attempts, last_error from outbox where aggregate_id = 'big' order by position`
    return row?.['attempts'] > 0 && String(row?.['last_error']).includes('JetStreamApiError')
  })
  expect((await published('big')).size).toBe(0)
  await stack.jsm.streams.update('SAMPLES', { max_msg_size: 5_000 })
  await until(() => drained(relay))
  expect((await published('big')).get('big')).toEqual([1, 2])
  await stack.jsm.streams.update('SAMPLES', { max_msg_size: 2_000 })
  await relay.stop()
})

test('one relay leads; a commit of another process wakes it, and when it loses its connection the other takes over', async () => {
  const first = relayOf(stack)
  await until(async () => (await leaders()).length === 1)
  const second = relayOf(stack)
  await count('two')
  second.wake()
  await until(async () => (await published('two')).size === 1)
  const before = performance.now()
  await stack.handle.sql`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`
  await until(async () => (await leaders()).length === 1)
  expect(performance.now() - before).toBeLessThan(3_000)
  await count('two')
  await Promise.all([until(() => drained(first)), until(() => drained(second))])
  expect((await published('two')).get('two')).toEqual([1, 2])
  await first.stop()
  await count('two')
  await until(() => drained(second))
  await second.stop()
})

const leaders = () => stack.handle.sql`
  select pid from pg_locks
  where locktype = 'advisory' and granted
    and database = (select oid from pg_database where datname = current_database())`

test('an event whose data does not fit its contract is refused before anything is written', async () => {
  const wrong = { event: counted, aggregateId: 'wrong', version: 1, data: { count: 'many' } }
  const work = stack.handle.transaction((tx) => stack.emit(tx, [wrong]))
  await expect(work).rejects.toThrow()
  expect(await stack.handle.sql`select 1 from outbox where aggregate_id = 'wrong'`).toHaveLength(0)
})
