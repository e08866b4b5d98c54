import { createServer } from 'node:net'

/** Asks the kernel for a port on 127.0.0.1 that nothing listens on. Another program may take it before you do. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await listen(server, 0)
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The kernel gave no port.')
  return address.port
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
