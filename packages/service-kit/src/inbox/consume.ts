/** Starts what a service hears: an intake for each stream, the redriving of dead letters, and the advisories. */
import { jetstream, JetStreamApiError, type Consumer, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { createAdoption } from './adoption.ts'
import { startAdvisories } from './advisories.ts'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle } from '../database.ts'
import { errorFacts } from '../error-facts.ts'
import { startIntake, type Intake } from './intake.ts'
import type { Logger } from '../logger.ts'
import { createRedrive } from './redrive.ts'
import { createUnknownLog } from './unknown-log.ts'
import { startWorkers } from '../worker.ts'

export interface RunningConsumers {
  /** Finishes the handlers that run, up to 10 s, and gives the rest back to NATS. */
  stop(): Promise<void>
}

export interface ConsumersOptions<C> {
  readonly handle: DatabaseHandle
  readonly nc: NatsConnection
  readonly service: string
  readonly bindings: readonly ConsumerBinding<C>[]
  readonly context: C
  readonly log: Logger
}

const retryMs = 1_000
const notFound = new Set([10014, 10059])

/**
 * Hears what the bindings say, through durable consumers that were provisioned before: `<service>-<stream>` in small
 * letters. Rejects when one is missing; while NATS does not answer it goes on trying behind the scenes.
 */
export const startConsumers = async <C>(options: ConsumersOptions<C>): Promise<RunningConsumers> => {
  const { bindings, service, nc, log } = options
  if (bindings.length === 0) return { stop: async () => undefined }
  refuseSameNames(bindings)
  const js = jetstream(nc)
  const streams = Map.groupBy(bindings, streamOf)
  const tellUnknown = createUnknownLog(log)
  const keepers = await allOrNone([
    ...[...streams].map(([stream, heard]) =>
      keep({ js, stream, durable: `${service}-${stream.toLowerCase()}`, log }, (consumer) =>
        startIntake(consumer, { ...options, tellUnknown, bindings: heard }),
      ),
    ),
    keep({ js, stream: 'ADVISORIES', durable: `${service}-advisories`, log }, (consumer) =>
      startAdvisories(consumer, { ...options, js }),
    ),
  ])
  const redriving = startWorkers({
    workers: [createRedrive(options), createAdoption(options)],
    context: options.context,
    service,
    log,
  })
  return {
    stop: async () => {
      await Promise.all([...keepers, redriving].map((part) => part.stop()))
      await nc.flush().catch(() => undefined)
    },
  }
}

type Keeper = { stop(): Promise<void> }

/** Where one cannot start the others are stopped again, so that whoever tries once more does not hear everything twice. */
const allOrNone = async (starting: readonly Promise<Keeper>[]): Promise<readonly Keeper[]> => {
  const outcomes = await Promise.allSettled(starting)
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const refused = outcomes.find((outcome) => outcome.status === 'rejected')
  if (refused === undefined) return started
  await Promise.all(started.map((keeper) => keeper.stop()))
  throw refused.reason
}

const streamOf = ({ event }: Pick<ConsumerBinding<never>, 'event'>): string =>
  event.subject.slice(0, event.subject.indexOf('.')).toUpperCase()

const refuseSameNames = (bindings: readonly { name: string }[]): void => {
  const names = bindings.map((binding) => binding.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new Error(`Two handlers are called ${twice}; the name is what their inbox goes by`)
}

interface Durable {
  readonly js: JetStreamClient
  readonly stream: string
  readonly durable: string
  readonly log: Logger
}

type Start = (consumer: Consumer) => Promise<Intake>

/** Keeps an intake running until it is stopped, whatever happens to the broker meanwhile. */
const keep = async (durable: Durable, start: Start): Promise<Keeper> => {
  const ending = new AbortController()
  let intake: Intake | undefined = await begin(durable, start)
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      if (intake !== undefined) await intake.ended.catch((error: unknown) => tell(durable, error))
      if (ending.signal.aborted) return
      await Bun.sleep(retryMs)
      intake = await begin(durable, start).catch((error: unknown) => tell(durable, error))
    }
  }
  const running = run()
  return {
    stop: async () => {
      ending.abort()
      await intake?.stop()
      await running
      // One that began while the first was stopped.
      await intake?.stop()
    },
  }
}

/** Undefined where NATS does not answer; rejects where it says that there is no such consumer. */
const begin = async (durable: Durable, start: Start): Promise<Intake | undefined> => {
  const { js, stream, durable: name } = durable
  try {
    return await start(await js.consumers.get(stream, name))
  } catch (error) {
    if (error instanceof JetStreamApiError && notFound.has(error.code)) {
      throw new Error(`The stream ${stream} has no consumer ${name}: provision NATS first`, { cause: error })
    }
    return tell(durable, error)
  }
}

const tell = ({ log, stream, durable }: Durable, error: unknown): undefined => {
  log.warn('A consumer cannot be read; it is tried again', { stream, durable, reason: errorFacts(error) })
}
