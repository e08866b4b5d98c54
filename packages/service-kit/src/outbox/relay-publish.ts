/** Publishes rows of the outbox: one at a time within an aggregate, many aggregates at once. */
import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream'
import { errors } from '@nats-io/nats-core'
import { SpanKind, trace } from '@opentelemetry/api'
import { crashPoint } from '../crash-points.ts'
import { envelopeOf } from './envelope.ts'
import { errorFacts } from '../error-facts.ts'
import { unlessLost, type NatsLink } from './nats-link.ts'
import { aggregateKey, type OutboxRow, type Published, type Refused } from './relay-rows.ts'
import { contextFrom } from '../telemetry.ts'

const lanes = 64
const ackMs = 5_000

export interface Outcome {
  readonly published: Published[]
  /** What the stream would not take; the rest of the aggregate was not tried. */
  readonly refused: (Refused & { readonly key: string; readonly attempts: number })[]
  /** Set when the stream cannot be reached: nothing more was tried. */
  away: unknown
}

export interface PublishOptions {
  readonly js: JetStreamClient
  readonly link: NatsLink
  readonly source: string
  /** False as soon as another process may be publishing. */
  leads(): boolean
}

/** Publishes as much of the rows as it can. */
export const publishRows = async (rows: readonly OutboxRow[], options: PublishOptions): Promise<Outcome> => {
  const outcome: Outcome = { published: [], refused: [], away: undefined }
  const aggregates = Map.groupBy(rows, aggregateKey)
  const left = aggregates.values()
  const lane = async (): Promise<void> => {
    // The lanes share one iterator: each takes the next aggregate that is left.
    for (const aggregate of left) await publishAggregate(aggregate, options, outcome)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, aggregates.size) }, lane))
  return outcome
}

const publishAggregate = async (
  rows: readonly OutboxRow[],
  options: PublishOptions,
  outcome: Outcome,
): Promise<void> => {
  for (const row of rows) {
    if (outcome.away !== undefined || !options.leads()) return
    try {
      outcome.published.push({ id: row.id, sequence: await publish(row, options) })
    } catch (error) {
      if (!isRefusal(error)) outcome.away = error
      else {
        const { id, attempts } = row
        outcome.refused.push({ id, attempts, key: aggregateKey(row), error: errorFacts(error) })
      }
      return
    }
  }
}

const publish = async (row: OutboxRow, { js, link, source }: PublishOptions): Promise<number> => {
  const { id, subject } = row
  crashPoint('before-publish', subject)
  const span = trace
    .getTracer('comptoir')
    .startSpan(`publish ${subject}`, { kind: SpanKind.CLIENT }, contextFrom(row.headers.traceparent))
  try {
    const ack = await unlessLost(link.lost(), () =>
      js.publish(subject, JSON.stringify(envelope(row)), {
        msgID: id,
        timeout: ackMs,
        expect: { streamName: source.toUpperCase() },
      }),
    )
    crashPoint('after-publish', subject)
    return ack.seq
  } finally {
    span.end()
  }
}

const envelope = (row: OutboxRow) =>
  envelopeOf(
    {
      event: { subject: row.subject, aggregate: row.aggregate },
      aggregateId: row.aggregateId,
      version: row.aggregateVersion,
      data: row.payload,
    },
    { id: row.id, time: row.occurredAt, traceparent: row.headers.traceparent },
  )

/** The stream has spoken, or the message cannot be sent at all; anything else is about the way there. */
const isRefusal = (error: unknown): boolean =>
  (error instanceof JetStreamApiError && error.status !== 503) || error instanceof errors.InvalidArgumentError
