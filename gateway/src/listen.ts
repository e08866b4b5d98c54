/** The public port. */
import type { Hono } from 'hono'
import type { Config } from './config.ts'
import type { EdgeEnv } from './edge-context.ts'

export interface Listening {
  readonly url: string
  stop(): Promise<void>
}

const graceMs = 10_000
// Larger bodies than the gateway takes must still get an answer that says so, rather than a closed connection.
const bodyReadMaxBytes = 64 * 1024 * 1024

export const listen = (config: Config, apps: { readonly main: Hono<EdgeEnv> }): Listening => {
  const server = Bun.serve({
    hostname: config.HOST,
    port: config.PORT,
    idleTimeout: 10,
    maxRequestBodySize: bodyReadMaxBytes,
    fetch: (request, bun) => apps.main.fetch(request, { server: bun }),
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
