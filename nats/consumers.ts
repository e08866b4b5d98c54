import { AckPolicy, type ConsumerConfig, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import { advisories, type Emitter, emitters, streamOf } from './streams.ts'

export type ConsumerDeclaration = {
  stream: string
  config: Partial<ConsumerConfig> & { durable_name: string }
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

type Class = { backoffMs: number[]; maxDeliver: number; maxAckPending: number }

// How long a handler may take (the first value) and how long the waits between deliveries are that follow a crash;
// what a handler refuses itself comes back after the delay it names. Order per aggregate is kept by the inbox's version
// gate and not by max_ack_pending, so that one poisonous message does not hold up the others.
const classes = {
  money: {
    backoffMs: [20 * second, 30 * second, minute, 5 * minute, 15 * minute, hour],
    maxDeliver: 24,
    maxAckPending: 64,
  },
  state: {
    backoffMs: [15 * second, 15 * second, 30 * second, 2 * minute, 10 * minute],
    maxDeliver: 16,
    maxAckPending: 64,
  },
  notify: {
    backoffMs: [40 * second, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour],
    maxDeliver: 10,
    maxAckPending: 32,
  },
  // Never given up, however long a database is away: nobody else is told of a message that was.
  advisory: { backoffMs: [10 * second, minute], maxDeliver: -1, maxAckPending: 64 },
} satisfies Record<string, Class>

type Hearing = { service: string; class: keyof typeof classes; subjects: string[] }

/**
 * Who hears what. The emitting service is the subject's first word. No wildcards, and nothing that a service has no handler
 * for: a program puts what it does not know among its dead letters, where a newer one finds it.
 */
const hearings: Hearing[] = [
  {
    service: 'identity',
    class: 'state',
    subjects: [
      'payments.payment.refunded.v1',
      'orders.order.redacted.v1',
      'orders.export.made.v1',
      'payments.export.made.v1',
      'delivery.export.made.v1',
      'notifications.export.made.v1',
    ],
  },
  {
    service: 'catalog',
    class: 'state',
    subjects: [
      'orders.order.confirmed.v1',
      'orders.order.cancelled.v1',
      'orders.order.redacted.v1',
      'delivery.shipment.dispatched.v1',
    ],
  },
  {
    service: 'carts',
    class: 'state',
    subjects: [
      'orders.order.received.v1',
      'orders.order.redacted.v1',
      'identity.user.signed_in.v1',
      'identity.user.erased.v1',
    ],
  },
  {
    service: 'orders',
    class: 'money',
    subjects: [
      'payments.payment.authorized.v1',
      'payments.payment.captured.v1',
      'payments.payment.failed.v1',
      'payments.payment.refunded.v1',
      'payments.payment.cancelled.v1',
    ],
  },
  {
    service: 'orders',
    class: 'state',
    subjects: [
      'delivery.shipment.planned.v1',
      'delivery.shipment.dispatched.v1',
      'delivery.shipment.tracked.v1',
      'delivery.shipment.delivered.v1',
      'delivery.shipment.failed.v1',
      'delivery.shipment.cancelled.v1',
      'identity.user.email_verified.v1',
      'identity.user.erased.v1',
    ],
  },
  {
    service: 'payments',
    class: 'money',
    subjects: [
      'orders.order.received.v1',
      'orders.order.cancelled.v1',
      'orders.order.linked.v1',
      'orders.order.redacted.v1',
    ],
  },
  {
    service: 'delivery',
    class: 'state',
    subjects: [
      'orders.order.confirmed.v1',
      'orders.order.cancelled.v1',
      'orders.order.linked.v1',
      'orders.order.redacted.v1',
    ],
  },
  {
    service: 'notifications',
    class: 'notify',
    subjects: [
      'identity.user.registered.v1',
      'identity.user.email_verification_requested.v1',
      'identity.user.email_change_requested.v1',
      'identity.user.email_change_announced.v1',
      'identity.user.password_reset_requested.v1',
      'identity.user.password_changed.v1',
      'identity.user.signed_out_everywhere.v1',
      'identity.user.provider_linked.v1',
      'identity.user.provider_unlinked.v1',
      'identity.user.second_factor_enrolled.v1',
      'identity.user.second_factor_removed.v1',
      'identity.user.erased.v1',
      'orders.order.received.v1',
      'orders.order.confirmed.v1',
      'orders.order.prepared.v1',
      'orders.order.delivered.v1',
      'orders.order.cancelled.v1',
      'orders.order.redacted.v1',
      'payments.payment.failed.v1',
      'payments.payment.refunded.v1',
      'delivery.shipment.dispatched.v1',
    ],
  },
]

/** The durable consumer a service has on another service's stream. */
export const consumerName = (service: string, stream: string): string => `${service}-${stream.toLowerCase()}`

/**
 * Every durable pull consumer: one for each hearing service and stream, and one for each hearing service on the
 * advisories about its own consumers. `backoffScale` shrinks all waits (tests).
 */
export function declaredConsumers(backoffScale: number): ConsumerDeclaration[] {
  const heard = hearings.flatMap((hearing) =>
    emitters.flatMap((emitter) => {
      const subjects = hearing.subjects.filter((subject) => isFrom(emitter, subject))
      return subjects.length === 0 ? [] : [declare({ ...hearing, subjects }, streamOf(emitter), backoffScale)]
    }),
  )
  const services = [...new Set(hearings.map((hearing) => hearing.service))]
  const givenUp = services.map((service) => {
    const own = heard.filter((consumer) => consumer.config.durable_name.startsWith(`${service}-`))
    const subjects = own.flatMap(({ stream, config }) => advisorySubjects(stream, config.durable_name))
    return declare({ service, class: 'advisory', subjects }, advisories, backoffScale)
  })
  return [...heard, ...givenUp]
}

function declare(hearing: Hearing, stream: string, backoffScale: number): ConsumerDeclaration {
  const { backoffMs, maxDeliver, maxAckPending } = classes[hearing.class]
  const backoff = backoffMs.map((ms) => nanos(Math.max(1, Math.round(ms * backoffScale))))
  return {
    stream,
    config: {
      durable_name: consumerName(hearing.service, stream),
      description: `What ${hearing.service} hears of ${stream}`,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      filter_subjects: hearing.subjects,
      ack_wait: backoff[0] ?? 0,
      backoff,
      max_deliver: maxDeliver,
      max_ack_pending: maxAckPending,
      metadata: { class: hearing.class },
    },
  }
}

function isFrom(emitter: Emitter, subject: string): boolean {
  return subject.startsWith(`${emitter}.`)
}

function advisorySubjects(stream: string, consumer: string): string[] {
  return ['MAX_DELIVERIES', 'MSG_TERMINATED'].map(
    (kind) => `$JS.EVENT.ADVISORY.CONSUMER.${kind}.${stream}.${consumer}`,
  )
}
