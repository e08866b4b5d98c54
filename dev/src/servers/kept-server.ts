type Server = {
  url: string
  port: number
  pid: number
  ended: Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
}

/** A server that is started again on the same port when it dies. */
export type KeptServer = {
  url: string
  pid(): number
  /** SIGKILL; it stays down until `start`. */
  kill(): Promise<void>
  /** Brings it back after `kill`. */
  start(): Promise<void>
  stop(): Promise<void>
}

const pauseMs = 500

/** Starts a server and keeps it up. `start` is called with the port to use again. */
export async function keepServer(
  name: string,
  start: (port: number | undefined) => Promise<Server>,
  onProgress: (message: string) => void,
): Promise<KeptServer> {
  const state = { server: await start(undefined), wanted: true }
  const { port, url } = state.server

  const bringBack = async (): Promise<void> => {
    while (state.wanted) {
      try {
        state.server = await start(port)
        void watch(state.server)
        return
      } catch (error) {
        onProgress(`${name} does not come back: ${error instanceof Error ? error.message : String(error)}`)
        await Bun.sleep(pauseMs)
      }
    }
  }
  const watch = async (watched: Server): Promise<void> => {
    await watched.ended
    if (!state.wanted) return
    onProgress(`${name} died, starting it again`)
    await bringBack()
  }
  const leave = async (how: 'stop' | 'kill') => {
    state.wanted = false
    await state.server[how]()
    // The watch must have seen the end before anybody may ask for a new start.
    await state.server.ended
  }
  void watch(state.server)

  return {
    url,
    pid: () => state.server.pid,
    kill: () => leave('kill'),
    start: () => {
      state.wanted = true
      return bringBack()
    },
    stop: () => leave('stop'),
  }
}
