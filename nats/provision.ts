import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { declaredConsumers, type ConsumerDeclaration } from './consumers.ts'
import { declaredStreams, type StreamDeclaration } from './streams.ts'

export type ProvisionOptions = {
  /** Copies of each stream: 1 (the default) on one server, 3 on a cluster. */
  replicas?: number
  /** Multiplies every ack wait and backoff; 1 by default, less in tests. */
  backoffScale?: number
}

/** What was done, such as `stream ORDERS` or `consumer ORDERS catalog-orders (max_deliver)`. */
export type Provisioned = { created: string[]; changed: string[] }

const notFound = new Set([10014, 10059])

/**
 * Makes every declared stream, bucket and consumer, reads each back and corrects the settings that differ. A second run
 * changes nothing. Streams and consumers that are not declared are left alone. Rejects on a server older than 2.10,
 * without JetStream, or when a setting differs that cannot be changed in place.
 */
export async function provision(nc: NatsConnection, options: ProvisionOptions = {}): Promise<Provisioned> {
  refuseOldServer(nc.info?.version ?? 'unknown')
  const jsm = await openManager(nc)
  const done: Provisioned = { created: [], changed: [] }
  for (const stream of declaredStreams(options.replicas ?? 1)) await settleStream(jsm, stream, done)
  for (const consumer of declaredConsumers(options.backoffScale ?? 1))
    await settleConsumer(jsm, consumer, done)
  return done
}

async function settleStream(
  jsm: JetStreamManager,
  wanted: StreamDeclaration,
  done: Provisioned,
): Promise<void> {
  const label = `stream ${wanted.name}`
  const found = await orNull(jsm.streams.info(wanted.name))
  if (!found) {
    await jsm.streams.add(wanted)
    done.created.push(label)
    return
  }
  const drift = differences(wanted, found.config)
  if (drift.length === 0) return
  await jsm.streams.update(wanted.name, wanted).catch((cause) => refuse(label, drift, cause))
  const after = await jsm.streams.info(wanted.name)
  settled(label, differences(wanted, after.config))
  done.changed.push(`${label} (${drift.join(', ')})`)
}

async function settleConsumer(
  jsm: JetStreamManager,
  wanted: ConsumerDeclaration,
  done: Provisioned,
): Promise<void> {
  const { stream, config } = wanted
  const label = `consumer ${stream} ${config.durable_name}`
  const found = await orNull(jsm.consumers.info(stream, config.durable_name))
  if (!found) {
    await jsm.consumers.add(stream, config)
    done.created.push(label)
    return
  }
  const drift = differences(config, found.config)
  if (drift.length === 0) return
  await jsm.consumers
    .update(stream, config.durable_name, config)
    .catch((cause) => refuse(label, drift, cause))
  const after = await jsm.consumers.info(stream, config.durable_name)
  settled(label, differences(config, after.config))
  done.changed.push(`${label} (${drift.join(', ')})`)
}

// Only declared settings count. The server adds settings and metadata of its own, which are not ours to judge.
function differences(wanted: object, found: object): string[] {
  const actual = new Map(Object.entries(found))
  return Object.entries(wanted).flatMap(([name, value]) => (holds(value, actual.get(name)) ? [] : [name]))
}

function holds(wanted: unknown, found: unknown): boolean {
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    return typeof found === 'object' && found !== null && differences(wanted, found).length === 0
  }
  // The server leaves out what is zero, false or empty.
  return Bun.deepEquals(wanted, found ?? emptyLike(wanted))
}

function emptyLike(value: unknown): unknown {
  if (typeof value === 'number') return 0
  return typeof value === 'boolean' ? false : undefined
}

function refuseOldServer(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 2 || (major === 2 && minor >= 10)) return
  throw new Error(
    `nats-server is ${version}; 2.10 or newer is needed (consumers with several filter subjects).`,
  )
}

async function openManager(nc: NatsConnection): Promise<JetStreamManager> {
  try {
    return await jetstreamManager(nc)
  } catch (cause) {
    throw new Error('JetStream is not on at this NATS server. Start it with nats/nats-server.conf.', {
      cause,
    })
  }
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof JetStreamApiError && notFound.has(error.code)) return null
    throw error
  }
}

function refuse(label: string, drift: string[], cause: unknown): never {
  throw new Error(`${label} differs in ${drift.join(', ')} and the server refuses to change that in place.`, {
    cause,
  })
}

function settled(label: string, drift: string[]): void {
  if (drift.length > 0) throw new Error(`${label} still differs in ${drift.join(', ')} after its update.`)
}
