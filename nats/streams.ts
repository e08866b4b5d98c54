import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'

export type StreamDeclaration = Partial<StreamConfig> & Pick<StreamConfig, 'name'>

const minute = 60_000
const day = 24 * 60 * minute
const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** The services that emit events; each has one stream, named after it, with every subject under its name. */
export const emitters = [
  'identity',
  'catalog',
  'carts',
  'orders',
  'payments',
  'delivery',
  'notifications',
] as const
export type Emitter = (typeof emitters)[number]

/** The stream a service's events go to. */
export const streamOf = (service: Emitter): string => service.toUpperCase()

/** What the broker tells of deliveries that were given up; kept, because the broker says it only once. */
export const advisories = 'ADVISORIES'

// Limits retention, since the work-queue and interest kinds forget what they deduplicated. A full stream refuses
// (discard new) and the event stays in its outbox; nothing is deleted or purged by hand.
const kept = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msg_size: 256 * kilobyte,
  duplicate_window: nanos(10 * minute),
  allow_direct: true,
  deny_delete: true,
  deny_purge: true,
} satisfies Partial<StreamConfig>

const eventStreams: StreamDeclaration[] = emitters.map((service) => ({
  ...kept,
  name: streamOf(service),
  description: `Events of ${service}`,
  subjects: [`${service}.>`],
  max_age: nanos(14 * day),
  max_bytes: 1024 * megabyte,
}))

const advisoryStream: StreamDeclaration = {
  ...kept,
  name: advisories,
  description: 'Deliveries given up or terminated',
  subjects: ['$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>', '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>'],
  max_age: nanos(30 * day),
  max_bytes: 256 * megabyte,
}

// A key-value bucket is a stream with these settings (NATS ADR-8); declared as one, it is read back and corrected alike.
const bucket = (name: string, settings: Partial<StreamConfig>): StreamDeclaration => ({
  name: `KV_${name}`,
  subjects: [`$KV.${name}.>`],
  // Not memory, even for entries of 15 s: a restarted server has lost a memory stream's declaration with its content.
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_bytes: 16 * megabyte,
  max_msg_size: 64 * kilobyte,
  allow_rollup_hdrs: true,
  allow_direct: true,
  deny_delete: true,
  deny_purge: false,
  ...settings,
})

const buckets: StreamDeclaration[] = [
  bucket('registry', {
    description: 'Running instances; each refreshes its entry',
    max_msgs_per_subject: 1,
    max_age: nanos(15_000),
    duplicate_window: nanos(15_000),
  }),
  bucket('settings', {
    description: 'Live settings with their last values',
    max_msgs_per_subject: 16,
    max_age: 0,
    duplicate_window: nanos(2 * minute),
  }),
]

/** Every stream and bucket of the shop. `replicas` is 1 on one server, 3 on a cluster. */
export function declaredStreams(replicas: number): StreamDeclaration[] {
  return [...eventStreams, advisoryStream, ...buckets].map((stream) => ({
    ...stream,
    num_replicas: replicas,
  }))
}
