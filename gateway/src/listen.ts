/** The public port. */
import { commonError, problemOf } from '@comptoir/contracts/errors'
import type { Logger } from '@comptoir/service-kit/logger'
import type { Hono } from 'hono'
import type { Config } from './config.ts'
import type { EdgeEnv } from './edge-context.ts'
import { answerProblem } from './problem.ts'

export interface Listening {
  readonly url: string
  stop(): Promise<void>
}

const graceMs = 10_000
// Larger bodies than the gateway takes must still get an answer that says so, rather than a closed connection.
const bodyReadMaxBytes = 64 * 1024 * 1024

export interface Served {
  readonly main: Hono<EdgeEnv>
  readonly log: Logger
  /** Whether no connection is to be used again. */
  draining?(): boolean
}

export const listen = (
  config: Pick<Config, 'HOST' | 'PORT'> & Partial<Pick<Config, 'REUSE_PORT'>>,
  { main, log, draining }: Served,
): Listening => {
  const server = Bun.serve({
    hostname: config.HOST,
    port: config.PORT,
    reusePort: config.REUSE_PORT ?? false,
    idleTimeout: 10,
    maxRequestBodySize: bodyReadMaxBytes,
    // Bun's own page for developers would show the stack and the source.
    development: false,
    error: (error) => {
      log.error('a request failed outside of its handler', { error })
      return answerProblem(problemOf(commonError('INTERNAL')))
    },
    fetch: async (request, bun) => {
      const response = await main.fetch(request, { server: bun })
      return draining?.() === true ? lastOf(response) : response
    },
  })
  return {
    url: `http://${config.HOST}:${server.port}`,
    stop: async () => {
      const cut = setTimeout(() => void server.stop(true), graceMs)
      await server.stop(false)
      clearTimeout(cut)
    },
  }
}

/** The last answer of its connection: one that stayed open would be cut under the client's next request. */
const lastOf = ({ body, status, statusText, headers: given }: Response): Response => {
  const headers = new Headers(given)
  headers.set('connection', 'close')
  return new Response(body, { status, statusText, headers })
}
