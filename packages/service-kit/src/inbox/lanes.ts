/** Work in lanes: one after another within a lane, a bounded number of lanes at once. */

export interface Lanes<T> {
  /** Queues an item behind the others of its lane. */
  add(key: string, item: T): void
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>
}

/** Runs `work` for each item; it must not reject. */
export const createLanes = <T>(width: number, work: (key: string, item: T) => Promise<void>): Lanes<T> => {
  const queues = new Map<string, T[]>()
  const waiting: string[] = []
  const running = new Set<Promise<void>>()

  // A lane goes to the back after each item, so that a long one does not keep the others waiting.
  const next = (): void => {
    while (running.size < width) {
      const key = waiting.shift()
      if (key === undefined) return
      const run = runOne(key).finally(() => {
        running.delete(run)
        next()
      })
      running.add(run)
    }
  }

  const runOne = async (key: string): Promise<void> => {
    const queue = queues.get(key)
    const item = queue?.shift()
    if (queue === undefined || item === undefined) return
    await work(key, item)
    if (queue.length > 0) waiting.push(key)
    else queues.delete(key)
  }

  return {
    add: (key, item) => {
      const queue = queues.get(key)
      if (queue === undefined) {
        queues.set(key, [item])
        waiting.push(key)
        next()
      } else queue.push(item)
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
