/** Work that a service does by itself, again and again: sweeping, polling, retrying. */
import { createBell } from './bell.ts'
import { errorFacts } from './error-facts.ts'
import type { Logger } from './logger.ts'
import { runInScope } from './scope.ts'
import { afterCommit } from './storage/transaction.ts'

export interface Worker<C> {
  readonly name: string
  /** Pause between runs in milliseconds; a tenth more or less, so that instances do not march in step. */
  readonly everyMs: number
  /** One run; true says that there is more to do at once. Several instances run it at the same time. */
  run(ctx: C, signal: AbortSignal): Promise<boolean | void>
}

export interface RunningWorkers {
  /** Has a worker run now; inside a transaction, once that has committed. An unknown name is a programming error. */
  wake(name: string): void
  /** Lets running work finish, up to 10 s, and starts no more. */
  stop(): Promise<void>
}

export interface WorkersOptions<C> {
  readonly workers: readonly Worker<C>[]
  readonly context: C
  readonly service: string
  readonly log: Logger
}

interface Loop {
  readonly ended: Promise<void>
  wake(): void
}

const stopMs = 10_000
const retryMaxMs = 30_000

/** Starts workers; each runs first at once. A run that throws is logged and tried again, more slowly each time. */
export const startWorkers = <C>(options: WorkersOptions<C>): RunningWorkers => {
  const ending = new AbortController()
  const loops = new Map<string, Loop>()
  for (const worker of options.workers) {
    if (loops.has(worker.name)) throw new Error(`Two workers are called ${worker.name}`)
    loops.set(worker.name, startLoop(worker, options, ending.signal))
  }
  return {
    wake: (name) => {
      const loop = loops.get(name)
      if (loop === undefined) throw new Error(`There is no worker called ${name}`)
      afterCommit(loop.wake)
    },
    stop: async () => {
      ending.abort()
      const all = Promise.all([...loops.values()].map((loop) => loop.ended))
      await settledWithin(all, stopMs)
    },
  }
}

/** Waits for a promise, but not longer than told. */
export const settledWithin = async (work: Promise<unknown>, ms: number): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const startLoop = <C>(worker: Worker<C>, options: WorkersOptions<C>, signal: AbortSignal): Loop => {
  const bell = createBell()
  signal.addEventListener('abort', bell.ring)

  const loop = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      const outcome = await runOnce(worker, options, signal)
      failures = outcome === 'failed' ? failures + 1 : 0
      if (outcome !== 'more')
        await bell.wait(jittered(failures === 0 ? worker.everyMs : slower(worker, failures)))
    }
  }
  return { ended: loop(), wake: bell.ring }
}

const runOnce = async <C>(
  worker: Worker<C>,
  { context, service, log }: WorkersOptions<C>,
  signal: AbortSignal,
): Promise<'done' | 'more' | 'failed'> => {
  const scope = { label: worker.name, actor: { kind: 'service' as const, id: service, scopes: [] } }
  try {
    const more = await runInScope(scope, () => worker.run(context, signal))
    return more === true ? 'more' : 'done'
  } catch (error) {
    if (!signal.aborted) log.error('A worker failed', { worker: worker.name, reason: errorFacts(error) })
    return 'failed'
  }
}

/** Twice as long after each failure in a row, at least a second and up to half a minute where its pause is shorter. */
const slower = ({ everyMs }: { everyMs: number }, failures: number): number =>
  Math.max(everyMs, Math.min(retryMaxMs, 500 * 2 ** Math.min(failures, 10)))

const jittered = (ms: number): number => ms * (0.9 + Math.random() * 0.2)
