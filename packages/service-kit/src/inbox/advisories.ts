/**
 * Messages that NATS gave up, because every process that took them died or fell silent, become dead letters: the broker
 * says so once, in a stream of its own.
 */
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type Consumer,
  type JetStreamClient,
  type JsMsg,
} from '@nats-io/jetstream'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle } from '../database.ts'
import { noHandler, storeDeadLetter } from './dead-letters.ts'
import { readEnvelope } from '../outbox/envelope.ts'
import { errorFacts } from '../error-facts.ts'
import type { Intake } from './intake.ts'
import type { Logger } from '../logger.ts'

export interface AdvisoriesOptions<C> {
  readonly js: JetStreamClient
  readonly handle: DatabaseHandle
  readonly bindings: readonly ConsumerBinding<C>[]
  readonly log: Logger
}

const retryMs = 5_000
const gone = new Set<number>([JetStreamApiCodes.NoMessageFound, JetStreamApiCodes.StreamNotFound])

const Advisory = z.object({
  stream: z.string(),
  consumer: z.string(),
  stream_seq: z.number().int(),
  deliveries: z.number().int(),
})

/** Reads the advisories about a service's own consumers. */
export const startAdvisories = async <C>(
  consumer: Consumer,
  options: AdvisoriesOptions<C>,
): Promise<Intake> => {
  const messages = await consumer.consume({ max_messages: 16 })
  const read = async (): Promise<void> => {
    for await (const message of messages) await settle(message, options)
  }
  const ended = read()
  return {
    ended,
    stop: async () => {
      messages.stop()
      await ended.catch(() => undefined)
    },
  }
}

const settle = async <C>(message: JsMsg, options: AdvisoriesOptions<C>): Promise<void> => {
  try {
    const advisory = readAdvisory(message)
    if (advisory === undefined) options.log.error('An advisory cannot be read', { sequence: message.seq })
    else await bury(advisory, options)
    message.ack()
  } catch (error) {
    options.log.warn('An advisory could not be settled; it comes again', { reason: errorFacts(error) })
    message.nak(retryMs)
  }
}

/** Undefined for what will be no more readable when it comes again. */
const readAdvisory = (message: JsMsg): z.output<typeof Advisory> | undefined => {
  try {
    return Advisory.parse(message.json())
  } catch {
    return undefined
  }
}

/**
 * Also told of messages that a handler ended itself: those have their dead letter, and nothing is stored twice. Where this
 * program has no handler of that subject, a newer one has.
 */
const bury = async <C>(advisory: z.output<typeof Advisory>, options: AdvisoriesOptions<C>): Promise<void> => {
  const { js, handle, bindings, log } = options
  const { stream, stream_seq: streamSequence, deliveries } = advisory
  const stored = await readStored(js, stream, streamSequence)
  if (stored === undefined) {
    log.error('A message that was given up is no longer in its stream', { stream, streamSequence })
    return
  }
  const envelope = tryEnvelope(stored.data)
  const handlers = bindings.filter(({ event }) => event.subject === stored.subject).map(({ name }) => name)
  for (const name of handlers.length > 0 ? handlers : [noHandler]) {
    if (envelope !== undefined && (await wasHandled(handle, name, envelope.id))) continue
    await storeDeadLetter(handle, {
      consumer: name,
      stream,
      streamSequence,
      subject: stored.subject,
      eventId: envelope?.id,
      payload: stored.data,
      traceparent: envelope?.traceparent,
      reason: 'exhausted',
      error: 'No delivery was ever settled',
      deliveries,
    })
  }
}

const readStored = async (js: JetStreamClient, stream: string, seq: number) => {
  const jsm = await js.jetstreamManager(false)
  try {
    return (await jsm.streams.getMessage(stream, { seq })) ?? undefined
  } catch (error) {
    if (error instanceof JetStreamApiError && gone.has(error.code)) return undefined
    throw error
  }
}

const tryEnvelope = (bytes: Uint8Array) => {
  try {
    return readEnvelope(bytes)
  } catch {
    return undefined
  }
}

const wasHandled = async ({ db }: DatabaseHandle, consumer: string, eventId: string): Promise<boolean> => {
  const rows = await db.execute(
    sql`select true from inbox where consumer = ${consumer} and event_id = ${eventId}::uuid`,
  )
  return rows.length > 0
}
