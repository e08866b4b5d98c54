/** Work on many things of which some may fail. */
import { errorFacts } from './error-facts.ts'
import type { Logger } from './logger.ts'

export interface Sweep<T extends { readonly id: string }> {
  readonly worker: string
  /** Is told the `id` of what fails. */
  readonly log: Logger
  readonly signal: AbortSignal
  /** Some of what is due after another, always in the same order; none at the end. */
  page(after: T | undefined): Promise<readonly T[]>
  work(item: T): Promise<unknown>
}

/**
 * Goes once through all that is due. What fails is logged and left for the next time, and keeps nothing waiting that
 * comes after it. Throws in the end where something failed, so that the worker takes its time.
 */
export const sweep = async <T extends { readonly id: string }>(options: Sweep<T>): Promise<void> => {
  const { signal, page } = options
  let failures = 0
  for (let items = await page(undefined); items.length > 0; items = await page(items.at(-1))) {
    for (const item of items) {
      if (signal.aborted) return
      if (!(await succeeds(item, options))) failures += 1
    }
  }
  if (failures > 0) throw new Error(`${failures} of what was due failed`)
}

const succeeds = async <T extends { readonly id: string }>(
  item: T,
  { worker, log, work }: Sweep<T>,
): Promise<boolean> => {
  try {
    await work(item)
    return true
  } catch (error) {
    log.error('A part of what is due failed; it is tried again', {
      worker,
      id: item.id,
      reason: errorFacts(error),
    })
    return false
  }
}
