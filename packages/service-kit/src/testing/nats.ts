/** A real nats-server for a test, with the shop's streams and with short waits; it can be killed and started again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provision } from '@comptoir/nats/provision'
import { connect } from '@nats-io/transport-node'
import type { Subprocess } from 'bun'

export interface TestNats {
  readonly url: string
  /** SIGKILL; what was acknowledged stays on the disk. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same streams. */
  restart(): Promise<void>
  /** Ends it and removes its streams. */
  stop(): Promise<void>
}

export interface TestNatsOptions {
  /** Multiplies the waits between deliveries. */
  readonly backoffScale?: number
}

const readyMs = 15_000

/** Starts the program of TEST_NATS_BINARY, which the runner of the tests sets, and makes the streams and consumers. */
export const startTestNats = async ({ backoffScale = 0.01 }: TestNatsOptions = {}): Promise<TestNats> => {
  const program = process.env['TEST_NATS_BINARY']
  if (program === undefined)
    throw new Error('TEST_NATS_BINARY is not set: run the tests with `bun run test <path>`')
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-nats-'))
  const port = await freePort()
  const url = `nats://127.0.0.1:${port}`
  let server = launch(program, port, folder)
  await ready(url)
  const nc = await connect({ servers: url })
  await provision(nc, { backoffScale })
  await nc.close()
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    server.kill(signal)
    await server.exited
  }
  return {
    url,
    kill: () => end('SIGKILL'),
    restart: async () => {
      server = launch(program, port, folder)
      await ready(url)
    },
    stop: async () => {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const launch = (program: string, port: number, folder: string): Subprocess =>
  Bun.spawn([program, '--jetstream', '--store_dir', folder, '--addr', '127.0.0.1', '--port', String(port)], {
    stdout: 'ignore',
    stderr: 'ignore',
  })

/** Until it answers to a client, the streams included. */
const ready = async (url: string): Promise<void> => {
  for (const until = performance.now() + readyMs; ;) {
    try {
      const nc = await connect({ servers: url, reconnect: false, timeout: 1_000 })
      try {
        await nc.request('$JS.API.INFO', '', { timeout: 1_000 })
        return
      } finally {
        await nc.close()
      }
    } catch (error) {
      if (performance.now() > until) throw error
      await Bun.sleep(20)
    }
  }
}

/** Below those of outgoing connections, which would take it while the server is down. */
const freePort = async (): Promise<number> => {
  const port = 10_000 + Math.floor(Math.random() * 22_000)
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return (await promise) ? port : freePort()
}
