/** How many requests and streams each client has open, and no more than it may. */

export interface InFlight {
  /** False where the client has as many as it may; `leave` after each true. */
  enter(client: string): boolean
  leave(client: string): void
  /** How many clients have anything open: nobody else is remembered. */
  clients(): number
}

/** `max` is asked at each request. */
export const createInFlight = (max: () => number): InFlight => {
  const open = new Map<string, number>()
  return {
    enter: (client) => {
      const count = open.get(client) ?? 0
      if (count >= max()) return false
      open.set(client, count + 1)
      return true
    },
    leave: (client) => {
      const count = open.get(client) ?? 0
      if (count > 1) open.set(client, count - 1)
      else open.delete(client)
    },
    clients: () => open.size,
  }
}

/** The same body; `onEnd` is called once when it has ended, failed, or its reader has left. */
export const whenEnded = (
  body: ReadableStream<Uint8Array>,
  onEnd: () => void,
): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  const end = once(onEnd)
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        end()
        controller.error(error)
      }
    },
    cancel: (reason) => {
      end()
      return reader.cancel(reason)
    },
  })
}

const once = (work: () => void): (() => void) => {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}
