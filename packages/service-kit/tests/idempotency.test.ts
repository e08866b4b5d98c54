import { afterAll, beforeAll, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { DatabaseHandle } from '../src/database.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { claim, createIdempotencyStore, release, store, type Claim } from '../src/serving/idempotency.ts'
import { systemIds } from '../src/ids.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { migrations } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 5 })
})
afterAll(async () => {
  await handle.close()
  await database.drop()
})

const request = (key: string, changes: object = {}) => ({
  handle,
  principal: 'guest:1',
  procedure: 'placeOrder',
  key,
  fingerprint: 'a',
  operationId: systemIds.next(),
  leaseMs: 10_000,
  ...changes,
})

const run = async (key: string, changes: object = {}): Promise<Claim> => {
  const claimed = await claim(request(key, changes))
  if (claimed.state !== 'run') throw new Error('Expected the right to run')
  return claimed
}

const answer = (claimed: Claim, output: unknown) => handle.transaction((tx) => store(tx, claimed, output))

test('fifty at once with one key: one runs, and all have its answer', async () => {
  const keys = createIdempotencyStore({ handle, leaseMs: 10_000, waitMs: 5_000 })
  const wanted = {
    principal: 'guest:1',
    procedure: 'placeOrder',
    key: 'fifty-times-at-once',
    fingerprint: 'a',
  }
  let runs = 0
  const once = async (): Promise<unknown> => {
    const claimed = await keys.claim(wanted)
    if ('replay' in claimed) return claimed.replay
    runs += 1
    const output = { orderId: claimed.run.operationId }
    await handle.transaction(async (tx) => {
      await tx.execute(sql`select pg_sleep(0.05)`)
      await claimed.run.store(tx, output)
    })
    return output
  }
  const answers = await Promise.all(Array.from({ length: 50 }, once))
  expect(runs).toBe(1)
  expect(new Set(answers.map((given) => JSON.stringify(given))).size).toBe(1)
  expect(await once()).toEqual(answers[0])
})

test('a repeat is refused while the first run has its lease, and told when to come again', async () => {
  await run('still-running-0001')
  const repeat = claim(request('still-running-0001'))
  await expect(repeat).rejects.toMatchObject({
    code: 'IDEMPOTENCY_IN_FLIGHT',
    retryAfterSeconds: expect.any(Number),
  })
})

test('a take-over after the lease keeps the operation id, and the first run can no longer answer', async () => {
  const first = await run('lease-passed-00001', { leaseMs: 0 })
  const second = await run('lease-passed-00001')
  expect(second.operationId).toBe(first.operationId)
  expect(second.owner).not.toBe(first.owner)
  await expect(answer(first, 'late')).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_FLIGHT' })
  await answer(second, 'right')
  expect(await claim(request('lease-passed-00001'))).toEqual({ state: 'replay', answer: 'right' })
})

test('after a failure the next try runs at once, under the same operation id', async () => {
  const first = await run('failed-once-000001')
  await release(handle, first)
  const second = await run('failed-once-000001')
  expect(second.operationId).toBe(first.operationId)
  await release(handle, first)
  await expect(claim(request('failed-once-000001'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_FLIGHT' })
})

test('an answer rolls back with its transaction', async () => {
  const claimed = await run('rolled-back-000001')
  const failing = handle.transaction(async (tx) => {
    await store(tx, claimed, 'never')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await release(handle, claimed)
  expect((await run('rolled-back-000001')).operationId).toBe(claimed.operationId)
})

test('another request under the same key is refused, before and after the answer', async () => {
  const claimed = await run('used-otherwise-001')
  const other = () => claim(request('used-otherwise-001', { fingerprint: 'b' }))
  await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  await answer(claimed, null)
  await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
})

test('a key belongs to its principal and procedure', async () => {
  await answer(await run('one-key-for-two-01'), 'mine')
  expect((await run('one-key-for-two-01', { principal: 'guest:2' })).state).toBe('run')
  expect((await run('one-key-for-two-01', { procedure: 'cancelOrder' })).state).toBe('run')
})

test.each([
  'short',
  'x'.repeat(256),
  'with a space in it',
  'non-printable-\u0007-key',
  'accented-é-character',
])('the key %p is refused', async (key) => {
  await expect(claim(request(key))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_INVALID' })
})
