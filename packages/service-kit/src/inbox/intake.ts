/**
 * Takes the messages of one durable consumer: many at a time, but those of one aggregate one after another and, after a
 * failure, none before the one that failed.
 */
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import type { ConsumerBinding } from '../consumer.ts'
import { crashPoint } from '../crash-points.ts'
import { deliver, type DeliverOptions, type Delivery } from './deliver.ts'
import { delayAfter, deliveriesOf, type Deliveries } from './delivery-delays.ts'
import { readEnvelope } from '../outbox/envelope.ts'
import { errorFacts } from '../error-facts.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { settledWithin } from '../worker.ts'

export interface Intake {
  /** Rejects when the consumer cannot be read any more. */
  readonly ended: Promise<void>
  /** Takes no more, lets running handlers finish for up to 10 s and gives the rest back. */
  stop(): Promise<void>
}

export interface IntakeOptions<C> extends DeliverOptions<C> {
  readonly bindings: readonly ConsumerBinding<C>[]
}

const inWorkMax = 16
const stopMs = 10_000
/** A new event of an aggregate waits this long at most for one before it that failed. */
const holdMaxMs = 30_000

interface State<C> extends IntakeOptions<C> {
  readonly deliveries: Deliveries
  readonly bySubject: ReadonlyMap<string, readonly ConsumerBinding<C>[]>
  /** Everything that was taken and is not settled yet. */
  readonly taken: Set<JsMsg>
  /** Aggregates whose event `sequence` failed: later ones wait until then, in `performance.now()` milliseconds. */
  readonly held: Map<string, { readonly sequence: number; readonly until: number }>
  stopping: boolean
}

/** Starts to take messages of a consumer that is there. */
export const startIntake = async <C>(consumer: Consumer, options: IntakeOptions<C>): Promise<Intake> => {
  const { config } = await consumer.info(true)
  const state: State<C> = {
    ...options,
    deliveries: deliveriesOf(config),
    bySubject: Map.groupBy(options.bindings, (binding) => binding.event.subject),
    taken: new Set(),
    held: new Map(),
    stopping: false,
  }
  const lanes = createLanes<Delivery>(inWorkMax, (key, delivery) =>
    work(state, key, delivery).catch((error: unknown) => tell(state, error)),
  )
  const messages = await consumer.consume({ max_messages: inWorkMax })
  const beat = setInterval(() => keepWorking(state), Math.max(20, state.deliveries.ackWaitMs / 3))
  const ended = take(messages, state, lanes).finally(() => clearInterval(beat))
  return {
    ended,
    stop: async () => {
      state.stopping = true
      messages.stop()
      await settledWithin(lanes.idle(), stopMs)
      clearInterval(beat)
      giveBack(state)
    },
  }
}

const take = async <C>(
  messages: ConsumerMessages,
  state: State<C>,
  lanes: Lanes<Delivery>,
): Promise<void> => {
  for await (const message of messages) {
    state.taken.add(message)
    const delivery = read(message, state.deliveries)
    lanes.add(keyOf(delivery), delivery)
  }
}

const read = (message: JsMsg, { max }: Deliveries): Delivery => {
  const last = message.info.deliveryCount >= max
  try {
    return { message, envelope: readEnvelope(message.data), unreadable: undefined, last }
  } catch (unreadable) {
    return { message, envelope: undefined, unreadable, last }
  }
}

const keyOf = ({ message, envelope }: Delivery): string =>
  envelope === undefined ? `unreadable ${message.seq}` : `${envelope.aggregate} ${envelope.subject}`

const work = async <C>(state: State<C>, key: string, delivery: Delivery): Promise<void> => {
  const { message } = delivery
  const waitMs = state.stopping ? 0 : holdMs(state, key, delivery)
  if (state.stopping || waitMs > 0) {
    state.taken.delete(message)
    message.nak(waitMs)
    return
  }
  const bindings = state.bySubject.get(message.subject) ?? []
  const ending = await deliver(delivery, bindings, state)
  state.taken.delete(message)
  if (ending === 'again') hold(state, key, delivery)
  else conclude(message, ending, bindings[0]?.name ?? state.service)
}

const conclude = (message: JsMsg, ending: 'done' | 'dead', label: string): void => {
  crashPoint('before-ack', label)
  if (ending === 'done') message.ack()
  else message.term('dead letter')
  crashPoint('after-ack', label)
}

/** The last delivery is not given back: if storing the dead letter failed, the server's advisory brings it there. */
const hold = <C>(state: State<C>, key: string, { message, last }: Delivery): void => {
  if (last) return
  const delayMs = delayAfter(state.deliveries, message.info.deliveryCount)
  state.held.set(key, { sequence: message.seq, until: performance.now() + Math.min(delayMs, holdMaxMs) })
  message.nak(delayMs)
}

/** How long a message has to wait for an earlier one of its aggregate; one that has no delivery left cannot wait. */
const holdMs = <C>({ held }: State<C>, key: string, { message, last }: Delivery): number => {
  const hold = held.get(key)
  if (hold === undefined) return 0
  const leftMs = hold.until - performance.now()
  if (leftMs <= 0) held.delete(key)
  return leftMs <= 0 || last || message.seq <= hold.sequence ? 0 : Math.ceil(leftMs) + 5
}

/** A connection that was closed meanwhile takes no answer: then the server delivers the message again by itself. */
const tell = <C>({ log }: State<C>, error: unknown): void =>
  log.warn('A message could not be answered', { reason: errorFacts(error) })

const giveBack = <C>(state: State<C>): void => {
  try {
    for (const message of state.taken) message.nak()
  } catch (error) {
    tell(state, error)
  }
}

const keepWorking = <C>(state: State<C>): void => {
  const { taken, held } = state
  try {
    for (const message of taken) message.working()
  } catch (error) {
    tell(state, error)
  }
  const now = performance.now()
  for (const [key, { until }] of held) if (until <= now) held.delete(key)
}
