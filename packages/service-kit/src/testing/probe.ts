/** Watches the streams from the start of a test, so that it can await an event instead of sleeping. */
import type { EventContract, Received } from '@comptoir/contracts/event'
import { DeliverPolicy, jetstreamManager, type ConsumerMessages } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { readEnvelope, receivedFrom } from '../outbox/envelope.ts'

export interface Probe {
  /**
   * Resolves with the first event of a kind that fits, whether it was published before or comes yet; rejects after 10 s.
   */
  next<E extends EventContract>(event: E, predicate?: (event: Received<E>) => boolean): Promise<Received<E>>
  /** Every event of a kind that was published so far, in order. */
  seen<E extends EventContract>(event: E): Received<E>[]
  stop(): Promise<void>
}

const patienceMs = 10_000

interface Sighting {
  readonly subject: string
  readonly bytes: Uint8Array
}

/** Starts watching every event stream. */
export const startProbe = async (natsUrl: string): Promise<Probe> => {
  const nc = await connect({ servers: natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  const jsm = await jetstreamManager(nc)
  const names = (await Array.fromAsync(jsm.streams.names())).filter(
    (name) => /^[A-Z]+$/.test(name) && name !== 'ADVISORIES',
  )
  const sightings: Sighting[] = []
  const watchers = new Set<() => void>()
  const open = async (stream: string): Promise<ConsumerMessages> => {
    const consumer = await jsm.jetstream().consumers.get(stream, { deliver_policy: DeliverPolicy.All })
    const messages = await consumer.consume()
    void note(messages, sightings, watchers)
    return messages
  }
  const consuming = await Promise.all(names.map(open))

  const seen = <E extends EventContract>(event: E): Received<E>[] =>
    sightings
      .filter(({ subject }) => subject === event.subject)
      // Parsed with this very contract.
      .map(({ bytes }) => receivedFrom(event, readEnvelope(bytes)) as Received<E>)

  return {
    seen,
    next: <E extends EventContract>(event: E, predicate: (event: Received<E>) => boolean = () => true) => {
      const { promise, resolve, reject } = Promise.withResolvers<Received<E>>()
      const look = (): void => {
        const found = seen(event).find(predicate)
        if (found !== undefined) resolve(found)
      }
      const timer = setTimeout(
        () => reject(new Error(`No fitting ${event.subject} in ${patienceMs} ms`)),
        patienceMs,
      )
      watchers.add(look)
      look()
      return promise.finally(() => {
        clearTimeout(timer)
        watchers.delete(look)
      })
    },
    stop: async () => {
      for (const messages of consuming) messages.stop()
      await nc.close()
    },
  }
}

const note = async (
  messages: ConsumerMessages,
  sightings: Sighting[],
  watchers: Set<() => void>,
): Promise<void> => {
  for await (const { subject, data } of messages) {
    sightings.push({ subject, bytes: data })
    for (const look of watchers) look()
  }
}
