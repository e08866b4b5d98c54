import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { nanos } from '@nats-io/nats-core'
import { sql } from 'drizzle-orm'
import { startConsumers, type RunningConsumers } from '../src/inbox/consume.ts'
import { on, PermanentError, type ConsumerBinding, type Handler } from '../src/consumer.ts'
import { listDeadLetters, noHandler } from '../src/inbox/dead-letters.ts'
import { takenOver } from '../src/inbox/delivery-delays.ts'
import { envelopeOf } from '../src/outbox/envelope.ts'
import { counted, startStack, until, type Stack } from './fixture/stack.ts'
import { hearerRules } from './fixture/streams.ts'
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

/** An event that came after the program that hears `counted` only. */
const renamed = { ...counted, subject: 'samples.tally.renamed.v1' } as const
const publishRenamed = async (aggregateId: string, version = 1): Promise<string> => {
  const id = crypto.randomUUID()
  const occurrence = { event: renamed, aggregateId, version, data: { count: 1, filling: '' } }
  const envelope = envelopeOf(occurrence, { id, time: new Date() })
  await stack.jsm.jetstream().publish(renamed.subject, JSON.stringify(envelope))
  return id
}

const add: Handler<typeof counted | typeof renamed, object> = async ({ tx, event }) => {
  await tx.execute(sql`
    insert into tallies values (${event.aggregateId}, 1)
    on conflict (id) do update set version = tallies.version + 1`)
}
const refuse: Handler<typeof renamed, object> = async () => {
  throw new PermanentError('No')
}

/** What was heard before is heard no more. */
const hear = async (binding: ConsumerBinding<object>): Promise<void> => {
  await consumers?.stop()
  const { handle, nc, log } = stack
  consumers = await startConsumers({ handle, nc, service: 'hearer', bindings: [binding], context: {}, log })
}

const tally = async (id: string): Promise<number> => {
  const [row] = await stack.handle.sql`select version from tallies where id = ${id}`
  return Number(row?.['version'] ?? 0)
}
const letters = () => listDeadLetters(stack.handle.db)
/** Whether NATS has nothing left to deliver or to hear of. */
const idle = async (): Promise<boolean> => {
  const info = await stack.jsm.consumers.info('SAMPLES', 'hearer-samples')
  return info.num_pending === 0 && info.num_ack_pending === 0
}

test('an event that a program does not know becomes a dead letter, which a newer one takes over and does once', async () => {
  await hear(on(counted, add, 'count'))
  const eventId = await publishRenamed('passed-on')
  await until(async () => (await letters()).length === 1)
  expect((await letters())[0]).toMatchObject({ consumer: noHandler, reason: 'unknown', eventId })
  expect(stack.logged.join()).toContain('unknown to this program')
  await until(idle)
  await hear(on(renamed, add, 'count-renamed'))
  await until(async () => (await tally('passed-on')) === 1)
  await until(async () => (await letters()).length === 0)
  expect(await tally('passed-on')).toBe(1)
})

test('a newer program whose handler fails on what it took over has the dead letter under its own name', async () => {
  await hear(on(counted, add, 'count'))
  const eventId = await publishRenamed('taken-over')
  await until(async () => (await letters()).length === 1)
  await hear(on(renamed, refuse, 'count-renamed'))
  await until(async () => (await letters())[0]?.redrives === 1)
  expect(await letters()).toMatchObject([
    { consumer: 'count-renamed', eventId, reason: 'refused', redriveRequestedAt: null },
  ])
})

test('what a newer program took over is tried again where its handler failed, in the order of its aggregate', async () => {
  await hear(on(counted, add, 'count'))
  for (const version of [1, 2]) await publishRenamed('tried-again', version)
  await until(async () => (await letters()).length === 2)
  const done: number[] = []
  let failures = 0
  const failOnce: Handler<typeof renamed, object> = async ({ event }) => {
    if (event.version === 1 && failures === 0) {
      failures += 1
      throw new Error('What it belongs to is still to come')
    }
    done.push(event.version)
  }
  await hear(on(renamed, failOnce, 'count-renamed'))
  await until(async () => (await letters()).length === 0)
  expect({ failures, done }).toEqual({ failures: 1, done: [1, 2] })
})

test('what a newer program took over and can never do is an operator’s in the end', async () => {
  await hear(on(counted, add, 'count'))
  await publishRenamed('never-done')
  await until(async () => (await letters()).length === 1)
  await hear(on(renamed, () => Promise.reject(new TypeError('broken')), 'count-renamed'))
  await until(async () => (await letters())[0]?.redrives === 1)
  expect((await letters())[0]).toMatchObject({ reason: 'unknown', redriveRequestedAt: expect.any(Date) })
  await stack.handle.sql`
    update dead_letters set redrives = ${takenOver.max - 1}, redrive_requested_at = now() where resolved_at is null`
  await until(async () => (await letters())[0]?.redrives === takenOver.max)
  expect((await letters())[0]).toMatchObject({ reason: 'exhausted', redriveRequestedAt: null })
})

test('events that a program does not know keep none waiting that it knows', async () => {
  const minute = { ack_wait: nanos(60_000), backoff: [nanos(60_000)], max_deliver: 1_000 }
  await stack.jsm.consumers.update('SAMPLES', 'hearer-samples', minute)
  try {
    await hear(on(counted, add, 'count'))
    // More than the consumer has places.
    for (let count = 0; count < 70; count += 1) await publishRenamed(`strange-${count}`)
    await stack.publish('known', 1)
    await until(async () => (await tally('known')) === 1)
  } finally {
    await stack.jsm.consumers.update('SAMPLES', 'hearer-samples', hearerRules)
  }
})

test('an unknown event that could not even be stored becomes a dead letter by the advisory', async () => {
  const eventId = await publishRenamed('given-up')
  await takeUntilGivenUp(stack.jsm)
  await hear(on(counted, add, 'count'))
  await until(async () => (await letters()).length === 1)
  expect((await letters())[0]).toMatchObject({ consumer: noHandler, reason: 'exhausted', eventId })
  await hear(on(renamed, add, 'count-renamed'))
  await until(async () => (await tally('given-up')) === 1)
})

test('an advisory that cannot be read, or tells of a stream that is gone, keeps no place of the consumer', async () => {
  const subject = '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.SAMPLES.hearer-samples'
  const gone = JSON.stringify({ stream: 'GONE', consumer: 'hearer-gone', stream_seq: 1, deliveries: 4 })
  for (const body of ['no json', '{}', gone]) await stack.jsm.jetstream().publish(subject, body)
  await hear(on(counted, add, 'count'))
  await until(async () => {
    const info = await stack.jsm.consumers.info('ADVISORIES', 'hearer-advisories')
    return info.num_pending === 0 && info.num_ack_pending === 0
  })
  expect(stack.logged.join()).toContain('An advisory cannot be read')
})
