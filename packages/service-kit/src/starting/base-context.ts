/** Builds the capabilities that every service's code is handed. */
import type { ServiceContext } from '../context.ts'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'
import type { DatabaseHandle } from '../database.ts'
import { systemIds } from '../ids.ts'
import type { Logger } from '../logger.ts'
import { createEmit } from '../outbox/outbox.ts'
import { afterCommit } from '../storage/transaction.ts'

export interface BaseContextOptions {
  readonly service: string
  readonly handle: DatabaseHandle
  readonly log: Logger
  readonly clock: Clock | undefined
  /** Has the outbox looked at after a commit that wrote into it. */
  wakeRelay(): void
  wakeWorker(name: string): void
}

export const baseContext = (options: BaseContextOptions): ServiceContext => {
  const { handle, service, log } = options
  const clock = options.clock ?? systemClock
  const emit = createEmit({ clock, ids: systemIds, source: service })
  return {
    db: handle.db,
    transaction: (work) => handle.transaction(work),
    emit: async (tx, occurrences) => {
      if (occurrences.length === 0) return
      await emit(tx, occurrences)
      afterCommit(options.wakeRelay)
    },
    wake: (worker) => options.wakeWorker(worker),
    clock,
    ids: systemIds,
    log,
  }
}
