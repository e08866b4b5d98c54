/** The form in which an event travels: CloudEvents 1.0 in JSON, carrying its aggregate's version and its trace. */
import { Envelope, type EventContract, type Received } from '@comptoir/contracts/event'

interface EventFacts {
  readonly event: Pick<EventContract, 'subject' | 'aggregate'>
  readonly aggregateId: string
  readonly version: number
  readonly data: unknown
}

interface Sending {
  readonly id: string
  /** When it happened. */
  readonly time: Date
  readonly traceparent?: string | undefined
}

/** Builds the envelope of an event, whose source is the service that its subject begins with. */
export const envelopeOf = (occurrence: EventFacts, { id, time, traceparent }: Sending): Envelope => ({
  specversion: '1.0',
  id,
  source: occurrence.event.subject.slice(0, occurrence.event.subject.indexOf('.')),
  type: occurrence.event.subject,
  subject: occurrence.aggregateId,
  time: time.toISOString(),
  datacontenttype: 'application/json',
  ...(traceparent === undefined ? {} : { traceparent }),
  aggregate: occurrence.event.aggregate,
  version: occurrence.version,
  data: occurrence.data,
})

/** Reads a message's bytes. Throws where they are not an envelope. */
export const readEnvelope = (bytes: Uint8Array): Envelope =>
  Envelope.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))

/** The event in an envelope, its data parsed with the event's contract. Throws where it does not fit. */
export const receivedFrom = (event: EventContract, envelope: Envelope): Received<EventContract> => ({
  id: envelope.id,
  type: event.subject,
  time: envelope.time,
  aggregateId: envelope.subject,
  version: envelope.version,
  data: event.data.parse(envelope.data),
})
