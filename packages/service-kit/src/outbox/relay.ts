/**
 * Carries events from the outbox to the stream: everything that was committed, in the order of each aggregate, as often
 * as it takes. One process of a service does it at a time.
 */
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { createBell, type Bell } from '../bell.ts'
import type { DatabaseHandle } from '../database.ts'
import { errorFacts } from '../error-facts.ts'
import type { Logger } from '../logger.ts'
import { followLink } from './nats-link.ts'
import { measureOutbox, readLag, type Lag } from './outbox-lag.ts'
import { createCandidate, outboxChannel, type Candidate } from './relay-lead.ts'
import { publishRows, type Outcome, type PublishOptions } from './relay-publish.ts'
import { markPublished, markRefused, readUnpublished } from './relay-rows.ts'

export interface Relay {
  /** Has the outbox looked at now, by whichever process has the lead. Call it after a commit. */
  wake(): void
  /** What waits to be published. */
  lag(): Promise<Lag>
  /** Finishes what is being published and gives the lead away. */
  stop(): Promise<void>
}

export interface RelayOptions {
  readonly handle: DatabaseHandle
  readonly nc: NatsConnection
  /** The service: its events go to the stream of its name in capitals. */
  readonly source: string
  readonly log: Logger
}

const batch = 256
const pollMs = 500
const waitMaxMs = 1_000
const blockMaxMs = 30_000

interface State extends RelayOptions {
  readonly bell: Bell
  readonly candidate: Candidate
  readonly publishing: PublishOptions
  /** Aggregates whose next event was refused, and when to try again, in `performance.now()` milliseconds. */
  readonly blocked: Map<string, number>
  failures: number
  stopped: boolean
}

/** Starts carrying. Neither a database nor a broker that is away stops it: it goes on when they are back. */
export const startRelay = (options: RelayOptions): Relay => {
  const { handle, nc, source } = options
  const bell = createBell()
  const candidate = createCandidate(handle.url, source, bell.ring)
  const publishing = { js: jetstream(nc), link: followLink(nc), source, leads: candidate.leads }
  const state: State = {
    ...options,
    bell,
    candidate,
    publishing,
    blocked: new Map(),
    failures: 0,
    stopped: false,
  }
  const forget = measureOutbox(handle)
  const notify = createNotify(handle)
  const running = run(state)
  return {
    wake: () => (candidate.leads() ? bell.ring() : notify()),
    lag: () => readLag(handle),
    stop: async () => {
      state.stopped = true
      forget()
      bell.ring()
      await running
      await candidate.close()
    },
  }
}

const run = async (state: State): Promise<void> => {
  const { bell, candidate, log } = state
  while (!state.stopped) {
    try {
      if (await candidate.lead()) await carry(state)
      else await bell.wait(pollMs)
    } catch (error) {
      log.warn('The relay has no database; it tries again', { reason: errorFacts(error) })
      await Bun.sleep(pollMs)
    }
  }
}

/** One batch, and the pause after it. */
const carry = async (state: State): Promise<void> => {
  const { bell, candidate, publishing, blocked } = state
  unblock(blocked)
  const rows = await readUnpublished(candidate.sql(), [...blocked.keys()], batch)
  const outcome = await publishRows(rows, publishing)
  if (outcome.published.length > 0) await markPublished(candidate.sql(), outcome.published)
  if (outcome.refused.length > 0) await noteRefused(state, outcome)
  if (outcome.away !== undefined) await waitForStream(state, outcome.away)
  else {
    if (state.failures > 0 && rows.length > 0) noteReturn(state)
    if (rows.length < batch) await bell.wait(nextMs(blocked))
  }
}

const noteRefused = async ({ candidate, blocked, log }: State, { refused }: Outcome): Promise<void> => {
  await markRefused(candidate.sql(), refused)
  for (const { key, attempts, error } of refused) {
    blocked.set(key, performance.now() + Math.min(blockMaxMs, 250 * 2 ** Math.min(attempts, 10)))
    if (attempts === 0)
      log.error('An event was refused by its stream; its aggregate waits', { reason: error })
  }
}

const unblock = (blocked: Map<string, number>): void => {
  const now = performance.now()
  for (const [key, until] of blocked) if (until <= now) blocked.delete(key)
}

const nextMs = (blocked: ReadonlyMap<string, number>): number =>
  Math.max(1, Math.min(pollMs, ...[...blocked.values()].map((until) => until - performance.now())))

/** Says so once, waits longer each time, and goes on at once when the connection is back. */
const waitForStream = async (state: State, cause: unknown): Promise<void> => {
  const { log, publishing } = state
  if (state.failures === 0)
    log.warn('The stream cannot be reached; events wait', { reason: errorFacts(cause) })
  state.failures += 1
  const ms = Math.min(waitMaxMs, 25 * 2 ** Math.min(state.failures, 10))
  // Not on the bell: commits go on ringing it.
  if (publishing.link.lost().aborted) await publishing.link.connected(waitMaxMs)
  else await Bun.sleep(ms)
}

const noteReturn = (state: State): void => {
  state.failures = 0
  state.log.info('The stream can be reached again')
}

/** One notification at a time; what is committed meanwhile asks for one more. */
const createNotify = ({ sql }: DatabaseHandle): (() => void) => {
  let wanted = false
  let running = false
  const send = async (): Promise<void> => {
    running = true
    while (wanted) {
      wanted = false
      // Lost notifications do no harm: the leader also looks by itself.
      await sql.notify(outboxChannel, '').catch(() => undefined)
    }
    running = false
  }
  return () => {
    wanted = true
    if (!running) void send()
  }
}
