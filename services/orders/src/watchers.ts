import type { OrderId } from '@comptoir/contracts/ids'

/** One subscriber’s interest in an order. */
interface Watch extends Disposable {
  /** Resolves once the order has a history row after `position`, or when the signal aborts. */
  after(position: number, signal: AbortSignal): Promise<void>
}

/** Who of this process waits for news of which order. */
export interface Watchers {
  open(orderId: OrderId): Watch
  orderIds(): OrderId[]
  tell(orderId: OrderId, position: number): void
}

interface Waiting {
  latest: number
  wake: () => void
}

export const createWatchers = (): Watchers => {
  const waiting = new Map<OrderId, Set<Waiting>>()
  return {
    open: (orderId) => {
      const mine: Waiting = { latest: 0, wake: () => {} }
      const all = waiting.get(orderId) ?? new Set()
      waiting.set(orderId, all.add(mine))
      return {
        after: (position, signal) => until(mine, position, signal),
        [Symbol.dispose]: () => {
          all.delete(mine)
          if (all.size === 0 && waiting.get(orderId) === all) waiting.delete(orderId)
        },
      }
    },
    orderIds: () => [...waiting.keys()],
    tell: (orderId, position) => {
      for (const one of waiting.get(orderId) ?? []) {
        one.latest = Math.max(one.latest, position)
        one.wake()
      }
    },
  }
}

const until = (mine: Waiting, position: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      if (mine.latest <= position && !signal.aborted) return
      signal.removeEventListener('abort', done)
      mine.wake = () => {}
      resolve()
    }
    mine.wake = done
    signal.addEventListener('abort', done)
    done()
  })
