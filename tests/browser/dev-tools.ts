// The DevTools protocol: one connection to a browser, with a session for each of its pages.
export type Told = Readonly<Record<string, unknown>>

export interface DevTools {
  /** Gives an order to the browser, or to the page that a session is of, and answers what it says. */
  send(method: string, params?: Told, sessionId?: string): Promise<Told>
  /** Hears what a session tells by itself. */
  hear(sessionId: string, listener: (method: string, params: Told) => void): void
  close(): void
}

interface Message {
  readonly id?: number
  readonly result?: Told
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: Told
  readonly sessionId?: string
}

/** Connects to the address that a browser has written down. */
export const connectDevTools = async (address: string): Promise<DevTools> => {
  const socket = new WebSocket(address)
  const waiting = new Map<number, PromiseWithResolvers<Told>>()
  const listeners = new Map<string, (method: string, params: Told) => void>()
  const opened = Promise.withResolvers<void>()
  socket.addEventListener('open', () => opened.resolve())
  socket.addEventListener('close', () => {
    const gone = new Error('The browser has gone')
    opened.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
  })
  socket.addEventListener('message', ({ data }) => {
    const {
      id,
      result = {},
      error,
      method = '',
      params = {},
      sessionId = '',
    } = JSON.parse(String(data)) as Message
    if (id === undefined) return listeners.get(sessionId)?.(method, params)
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(error.message))
  })
  await opened.promise
  let last = 0
  return {
    send: (method, params = {}, sessionId) => {
      last += 1
      const asked = Promise.withResolvers<Told>()
      waiting.set(last, asked)
      socket.send(JSON.stringify({ id: last, method, params, sessionId }))
      return asked.promise
    },
    hear: (sessionId, listener) => void listeners.set(sessionId, listener),
    close: () => socket.close(),
  }
}
