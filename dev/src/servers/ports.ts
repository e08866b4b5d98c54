import { createServer } from 'node:net'

const lowest = 10_000
/** Where Linux begins with outgoing connections (ip(7), ip_local_port_range); others begin above. */
const ephemeral = 32_768

/**
 * A port of 127.0.0.1 that nothing listens on, below those that systems give to outgoing connections: one of these would
 * take it sooner or later while its server is down. Another program may still take it before you do.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = lowest + Math.floor(Math.random() * (ephemeral - lowest))
    if (await isPortFree(port)) return port
  }
  throw new Error(`No port from ${lowest} to ${ephemeral - 1} is free.`)
}

/** True when nothing listens on this port of 127.0.0.1 (a listener on 0.0.0.0 counts as taken). */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await listen(server, port)
    return true
  } catch {
    return false
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

/** The given port when it is free, a free one when none is given; otherwise an error that says the way out. */
export async function claimPort(port: number | undefined, owner: string, wayOut: string): Promise<number> {
  if (port === undefined) return freePort()
  if (await isPortFree(port)) return port
  throw new Error(`${owner}: port ${port} is taken by another program. ${wayOut}`)
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}
