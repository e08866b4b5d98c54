/** Does one message: each handler of its subject once, in a transaction of its own, and says how the message is to end. */
import type { Envelope } from '@comptoir/contracts/event'
import type { JsMsg } from '@nats-io/jetstream'
import { metrics, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle } from '../database.ts'
import { noHandler, storeDeadLetter, type DeadLetterReason } from './dead-letters.ts'
import { errorFacts } from '../error-facts.ts'
import { noteReceived } from './inbox.ts'
import type { Logger } from '../logger.ts'
import { parseEvent, PoisonError } from './poison-error.ts'
import { reasonOf } from './reason-of.ts'
import { runInScope } from '../scope.ts'
import type { TellUnknown } from './unknown-log.ts'
import { contextFrom } from '../telemetry.ts'

export interface DeliverOptions<C> {
  readonly handle: DatabaseHandle
  readonly service: string
  readonly context: C
  readonly log: Logger
  readonly tellUnknown: TellUnknown
}

/** A message with what could be read of it. */
export interface Delivery {
  readonly message: JsMsg
  /** Undefined where the message is no envelope. */
  readonly envelope: Envelope | undefined
  readonly unreadable: unknown
  /** Whether the server will deliver it no more. */
  readonly last: boolean
}

/** done: acknowledge. dead: terminate, it lies among the dead letters. again: it is to come once more. */
export type Ending = 'done' | 'dead' | 'again'

/**
 * Runs the handlers one after another; those that have done the event already are passed over. What has none becomes a
 * dead letter at once: given back until a newer program takes it, it would have one of the few places of the consumer.
 */
export const deliver = async <C>(
  delivery: Delivery,
  bindings: readonly ConsumerBinding<C>[],
  options: DeliverOptions<C>,
): Promise<Ending> => {
  if (bindings.length === 0) return putAside(delivery, options)
  const endings: Ending[] = []
  for (const binding of bindings) endings.push(await settle(delivery, binding, options))
  if (endings.includes('again')) return 'again'
  return endings.includes('dead') ? 'dead' : 'done'
}

/** Done with where it is stored: a newer program finds it there, and there is nothing that an advisory could tell. */
const putAside = async <C>(delivery: Delivery, options: DeliverOptions<C>): Promise<Ending> => {
  const { message, envelope } = delivery
  count(noHandler, 'unknown')
  options.tellUnknown(message.subject, envelope?.id)
  const letter = { consumer: noHandler, reason: 'unknown', error: 'No handler of this event' } as const
  return (await bury(delivery, letter, options)) === 'dead' ? 'done' : 'again'
}

const settle = async <C>(
  delivery: Delivery,
  binding: ConsumerBinding<C>,
  options: DeliverOptions<C>,
): Promise<Ending> => {
  try {
    await inSpan(delivery, binding.name, () => handleOnce(delivery, binding, options))
    count(binding.name, 'done')
    return 'done'
  } catch (error) {
    const reason = reasonOf(error, delivery.last)
    const facts = {
      consumer: binding.name,
      subject: delivery.message.subject,
      eventId: delivery.envelope?.id,
      delivery: delivery.message.info.deliveryCount,
      reason: errorFacts(error),
    }
    count(binding.name, reason ?? 'failed')
    if (reason === undefined) {
      options.log.warn('A handler failed; the event comes again', facts)
      return 'again'
    }
    options.log.error('An event became a dead letter', facts)
    return bury(delivery, { consumer: binding.name, reason, error: facts.reason }, options)
  }
}

const handleOnce = async <C>(
  { envelope, unreadable }: Delivery,
  binding: ConsumerBinding<C>,
  { handle, context, service }: DeliverOptions<C>,
): Promise<void> => {
  if (envelope === undefined) throw new PoisonError('Not an envelope', { cause: unreadable })
  const event = parseEvent(binding, envelope)
  const scope = { label: binding.name, actor: { kind: 'service' as const, id: service, scopes: [] } }
  await runInScope(scope, () =>
    handle.transaction(async (tx) => {
      if (await noteReceived(tx, binding.name, event.id)) await binding.handle({ ctx: context, tx, event })
    }),
  )
}

/** Where even that fails the message ends neither way: the server gives it again, or tells the advisories of it. */
const bury = async <C>(
  { message, envelope }: Delivery,
  end: { consumer: string; reason: DeadLetterReason; error: string },
  { handle, log }: DeliverOptions<C>,
): Promise<Ending> => {
  try {
    await storeDeadLetter(handle, {
      ...end,
      stream: message.info.stream,
      streamSequence: message.seq,
      subject: message.subject,
      eventId: envelope?.id,
      payload: message.data,
      traceparent: envelope?.traceparent,
      deliveries: message.info.deliveryCount,
    })
    return 'dead'
  } catch (failure) {
    log.error('A dead letter could not be stored', { consumer: end.consumer, reason: errorFacts(failure) })
    return 'again'
  }
}

const inSpan = ({ message, envelope }: Delivery, name: string, work: () => Promise<void>): Promise<void> => {
  const attributes = {
    'messaging.system': 'nats',
    'messaging.destination.name': message.subject,
    'messaging.delivery': message.info.deliveryCount,
  }
  const parent = contextFrom(envelope?.traceparent)
  const run = async (span: Span): Promise<void> => {
    try {
      await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }
  return trace
    .getTracer('comptoir')
    .startActiveSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent, run)
}

const count = (consumer: string, outcome: string): void => {
  metrics
    .getMeter('comptoir')
    .createCounter('comptoir.consumer.deliveries', { description: 'Events handled, by outcome' })
    .add(1, { consumer, outcome })
}
