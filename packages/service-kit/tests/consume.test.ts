import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { startConsumers, type RunningConsumers } from '../src/inbox/consume.ts'
import { on, PermanentError, type Handler } from '../src/consumer.ts'
import type { Transaction } from '../src/database.ts'
import {
  discardDeadLetter,
  listDeadLetters,
  requestRedrive,
  showDeadLetter,
} from '../src/inbox/dead-letters.ts'
import { currentScope } from '../src/scope.ts'
import { maxDeliver } from './fixture/streams.ts'
import { counted, startStack, until, type Stack } from './fixture/stack.ts'
import { takeUntilGivenUp } from './fixture/take-until-given-up.ts'

let stack: Stack
let consumers: RunningConsumers | undefined

beforeAll(async () => {
  stack = await startStack()
})
beforeEach(async () => {
  await stack.handle.sql`truncate tallies, dead_letters, inbox`
})
afterEach(async () => {
  await consumers?.stop()
  consumers = undefined
})
afterAll(() => stack.stop())

type Count = Handler<typeof counted, object>

/** Adds the event's version to what the aggregate has seen. */
const add = async (tx: Transaction, id: string): Promise<void> => {
  await tx.execute(sql`
    insert into tallies values (${id}, 1) on conflict (id) do update set version = tallies.version + 1`)
}

const hear = async (handler: Count, name = 'count'): Promise<void> => {
  const { handle, nc, log } = stack
  const bindings = [on(counted, handler, name)]
  consumers = await startConsumers({ handle, nc, service: 'hearer', bindings, context: {}, log })
}

const tally = async (id: string): Promise<number> => {
  const [row] = await stack.handle.sql`select version from tallies where id = ${id}`
  return Number(row?.['version'] ?? 0)
}

const letters = () => listDeadLetters(stack.handle.db)

test('an event that arrives five times has one effect', async () => {
  let runs = 0
  await hear(async ({ tx, event }) => {
    runs += 1
    await add(tx, event.aggregateId)
  })
  await stack.publish('copied', 1, { copies: 5 })
  await stack.publish('after', 1)
  await until(async () => (await tally('after')) === 1 && (await idle()))
  expect(await tally('copied')).toBe(1)
  expect(runs).toBe(2)
})

test('a handler acts as its service, under its own name', async () => {
  let seen: unknown
  await hear(async () => {
    seen = currentScope()
  }, 'named')
  await stack.publish('scope', 1)
  await until(() => seen !== undefined)
  expect(seen).toMatchObject({ label: 'named', actor: { kind: 'service', id: 'hearer', scopes: [] } })
})

test('what is thrown rolls back, is tried again, and later events of the aggregate wait for it', async () => {
  const order: number[] = []
  const failures = new Map([[1, 2]])
  await hear(async ({ tx, event }) => {
    await add(tx, event.aggregateId)
    const left = failures.get(event.version) ?? 0
    failures.set(event.version, left - 1)
    if (left > 0) throw new Error('the other side is down: secret-value')
    order.push(event.version)
  })
  await Promise.all([stack.publish('retried', 1), stack.publish('retried', 2), stack.publish('other', 3)])
  await until(async () => (await tally('retried')) === 2 && (await tally('other')) === 1)
  expect(order.filter((version) => version !== 3)).toEqual([1, 2])
  expect(await letters()).toHaveLength(0)
  expect(stack.logged.join()).not.toContain('secret-value')
})

test('poison becomes a dead letter at once and blocks nobody', async () => {
  await hear(async ({ tx, event }) => add(tx, event.aggregateId))
  const js = stack.jsm.jetstream()
  await js.publish(counted.subject, 'not json \u0000 secret-value')
  await js.publish(counted.subject, JSON.stringify({ specversion: '1.0' }))
  await stack.publish('healthy', 1)
  await until(async () => (await tally('healthy')) === 1 && (await letters()).length === 2)
  const found = await letters()
  expect(found.map((letter) => letter.reason)).toEqual(['poison', 'poison'])
  expect(JSON.stringify(found)).not.toContain('secret-value')
  const whole = await Promise.all(found.map(({ id }) => showDeadLetter(stack.handle.db, id)))
  const texts = whole.map((letter) => new TextDecoder().decode(letter?.payload))
  expect(texts).toContain('not json \u0000 secret-value')
})

test('a permanent error makes a dead letter without a second try', async () => {
  let runs = 0
  await hear(async ({ tx, event }) => {
    runs += 1
    await add(tx, event.aggregateId)
    throw new PermanentError('There is no such tally')
  })
  await stack.publish('refused', 1)
  await until(async () => (await letters()).length === 1)
  expect(runs).toBe(1)
  expect(await tally('refused')).toBe(0)
  expect((await letters())[0]).toMatchObject({ consumer: 'count', reason: 'refused', deliveries: 1 })
})

test('a handler that never succeeds gives up after the last delivery; redriving it has one effect', async () => {
  let broken = true
  let runs = 0
  await hear(async ({ tx, event }) => {
    runs += 1
    await add(tx, event.aggregateId)
    if (broken) throw new TypeError('broken')
  })
  const eventId = await stack.publish('exhausted', 1)
  await until(async () => (await letters()).length === 1)
  expect(runs).toBe(maxDeliver)
  const [letter] = await letters()
  expect(letter).toMatchObject({ reason: 'exhausted', eventId, deliveries: maxDeliver })
  const id = letter?.id ?? ''

  expect(await requestRedrive(stack.handle.db, id)).toBe(true)
  await until(async () => (await showDeadLetter(stack.handle.db, id))?.redrives === 1)
  expect(await showDeadLetter(stack.handle.db, id)).toMatchObject({
    resolution: null,
    redriveRequestedAt: null,
  })

  broken = false
  await requestRedrive(stack.handle.db, id)
  await until(async () => (await showDeadLetter(stack.handle.db, id))?.resolution === 'redriven')
  expect(await tally('exhausted')).toBe(1)
  expect(await requestRedrive(stack.handle.db, id)).toBe(false)
  await stack.publish('exhausted', 1, { eventId })
  await until(idle)
  expect(await tally('exhausted')).toBe(1)
})

test('a dead letter that arrives again is left to the operator, also once it is discarded', async () => {
  let runs = 0
  await hear(async () => {
    runs += 1
    throw new PermanentError('No')
  })
  const eventId = await stack.publish('again', 1)
  await until(async () => (await letters()).length === 1)
  await stack.publish('again', 1, { eventId })
  await until(idle)
  const [letter] = await letters()
  expect(await discardDeadLetter(stack.handle.db, letter?.id ?? '', 'a test order')).toBe(true)
  await stack.publish('again', 1, { eventId })
  await until(idle)
  expect(runs).toBe(1)
  expect(await letters()).toHaveLength(0)
})

test('a message that every process died on becomes a dead letter by the advisory', async () => {
  const eventId = await stack.publish('died', 1)
  await takeUntilGivenUp(stack.jsm)
  await hear(async ({ tx, event }) => add(tx, event.aggregateId))
  await until(async () => (await letters()).length === 1)
  expect((await letters())[0]).toMatchObject({ reason: 'exhausted', eventId, deliveries: maxDeliver })
})

test('goes on by itself after NATS was killed', async () => {
  await hear(async ({ tx, event }) => add(tx, event.aggregateId))
  await stack.nats.kill()
  await stack.nats.restart()
  await until(async () => {
    const id = await stack.publish('back', 1).catch(() => undefined)
    return id !== undefined
  })
  await until(async () => (await tally('back')) > 0)
})

test('a stop lets the running handler finish and gives back what it had not begun', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
  await hear(async ({ tx, event }) => {
    begin()
    await allowed
    await add(tx, event.aggregateId)
  })
  await stack.publish('stopping', 1)
  await stack.publish('stopping', 2)
  await begun
  const stopping = consumers?.stop()
  allow()
  await stopping
  expect(await tally('stopping')).toBe(1)
  await hear(async ({ tx, event }) => add(tx, event.aggregateId))
  await until(async () => (await tally('stopping')) === 2)
})

test('a consumer that was never provisioned is named', async () => {
  const { handle, nc, log } = stack
  const bindings = [on(counted, async () => undefined, 'count')]
  const starting = startConsumers({ handle, nc, service: 'nobody', bindings, context: {}, log })
  await expect(starting).rejects.toThrow('The stream SAMPLES has no consumer nobody-samples')
})

/** Whether NATS has nothing left to deliver or to hear of. */
const idle = async (): Promise<boolean> => {
  const info = await stack.jsm.consumers.info('SAMPLES', 'hearer-samples')
  return info.num_pending === 0 && info.num_ack_pending === 0
}
