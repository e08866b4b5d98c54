/** The places for requests at once: how many of them each may take, by how much it matters and by the service it waits for. */
import type { Priority } from '@comptoir/contracts/contract'
import { createInFlight } from './in-flight.ts'

export interface Room {
  isFull(priority: Priority): boolean
  /** False where there is no place; `leave` after each true. */
  enter(priority: Priority, service: string | undefined): boolean
  leave(service: string | undefined): void
  inside(): number
}

/** The share of the limit up to which each may enter. */
const shares: Readonly<Record<Priority, number>> = { checkout: 1, account: 0.9, browse: 0.75, crawl: 0.4 }
/** The share of the limit that may wait for one service. */
const serviceShare = 0.5

/** `limit` is asked at each request. */
export const createRoom = (limit: () => number): Room => {
  const waitingFor = createInFlight(() => Math.max(1, limit() * serviceShare))
  let inside = 0
  const isFull = (priority: Priority): boolean => inside >= Math.max(1, limit() * shares[priority])
  return {
    isFull,
    enter: (priority, service) => {
      if (isFull(priority) || (service !== undefined && !waitingFor.enter(service))) return false
      inside += 1
      return true
    },
    leave: (service) => {
      inside -= 1
      if (service !== undefined) waitingFor.leave(service)
    },
    inside: () => inside,
  }
}
