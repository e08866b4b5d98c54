/** A bounded waiting room in front of a resource: at most so many inside, so many waiting, for so long. */
import { commonError } from '@comptoir/contracts/errors'

export interface Gate {
  /** Runs work inside. Throws UNAVAILABLE when the waiting room is full or the wait was too long. */
  run<T>(work: () => PromiseLike<T>): Promise<T>
}

export interface GateOptions {
  readonly inside: number
  readonly waiting: number
  readonly waitMs: number
}

interface Waiter {
  enter(): void
}

/** First come, first served. */
export const createGate = ({ inside, waiting, waitMs }: GateOptions): Gate => {
  const queue = new Set<Waiter>()
  let free = inside

  const wait = (): Promise<void> => {
    if (queue.size >= waiting)
      throw commonError('UNAVAILABLE', { cause: new Error('Too many wait for a connection') })
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        queue.delete(waiter)
        reject(commonError('UNAVAILABLE', { cause: new Error(`No connection was free for ${waitMs} ms`) }))
      }, waitMs)
      queue.add(waiter)
    })
  }

  const leave = (): void => {
    const [next] = queue
    if (next === undefined) {
      free += 1
      return
    }
    // The place goes to the next one directly, so that nobody can slip in before.
    queue.delete(next)
    next.enter()
  }

  return {
    run: async (work) => {
      if (free > 0) free -= 1
      else await wait()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
