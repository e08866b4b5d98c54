// Invariant 7: every event is on its stream once, and everybody who hears it has done it.
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { serviceNames } from '@comptoir/dev/process-list'
import { connect } from '@nats-io/transport-node'
import type { Databases } from './databases.ts'

/** Says what was not published, is stored twice, was not heard or became a dead letter. */
export const eventBreaches = async (databases: Databases, natsUrl: string): Promise<string[]> => {
  const nc = await connect({ servers: natsUrl, name: 'event-breaches' })
  try {
    const jsm = await jetstreamManager(nc)
    const published = await Promise.all(serviceNames.map((name) => outboxBreaches(databases, name, jsm)))
    const dead = await Promise.all(serviceNames.map((name) => deadLetters(databases, name)))
    return [...published.flat(), ...dead.flat(), ...(await consumerBreaches(jsm))]
  } finally {
    await nc.close()
  }
}

const outboxBreaches = async (
  databases: Databases,
  name: (typeof serviceNames)[number],
  jsm: JetStreamManager,
): Promise<string[]> => {
  const [counts] = await databases[name]<{ waiting: number; published: number; sequences: number }[]>`
    select count(*) filter (where published_at is null)::int as waiting, count(published_at)::int as published,
      count(distinct stream_sequence)::int as sequences from outbox`
  const { waiting, published, sequences } = counts ?? { waiting: 0, published: 0, sequences: 0 }
  const stored = (await jsm.streams.info(name.toUpperCase())).state.messages
  return [
    ...(waiting === 0 ? [] : [`${waiting} events of ${name} wait in the outbox`]),
    ...(published === sequences
      ? []
      : [`${published} events of ${name} share ${sequences} places on the stream`]),
    ...(stored === published ? [] : [`the stream of ${name} has ${stored} events instead of ${published}`]),
  ]
}

const deadLetters = async (databases: Databases, name: (typeof serviceNames)[number]): Promise<string[]> => {
  const letters = await databases[name]<
    { consumer: string; subject: string; reason: string; error: string }[]
  >`
    select consumer, subject, reason, error from dead_letters where resolved_at is null`
  return letters.map(
    (letter) =>
      `${name}/${letter.consumer} has a dead letter of ${letter.subject}: ${letter.reason}, ${letter.error}`,
  )
}

const consumerBreaches = async (jsm: JetStreamManager): Promise<string[]> => {
  const breaches: string[] = []
  for await (const stream of jsm.streams.list()) {
    for await (const { name, config, num_pending: pending, num_ack_pending: taken } of jsm.consumers.list(
      stream.config.name,
    )) {
      // Those without a durable name are somebody's view of a bucket.
      if (config.durable_name === undefined || pending + taken === 0) continue
      breaches.push(`${name} has ${pending} events to hear and ${taken} in work`)
    }
  }
  return breaches
}
