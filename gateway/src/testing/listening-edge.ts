/** The gateway on a port of its own with a service on another, for tests of what goes over the wire. */
import { services } from '@comptoir/contracts/app'
import { createLogger } from '@comptoir/service-kit/logger'
import { app, type AppOptions } from '../app.ts'
import { createKeptAnswers } from '../kept-answers.ts'
import { listen } from '../listen.ts'
import { publicOperations } from '../operations.ts'
import { createUpstream } from '../upstream.ts'

export interface ListeningEdge {
  readonly url: string
  stop(): Promise<void>
}

/** Whoever shows a credential is a guest. The one service has the name of every service, and answers as told. */
export const startEdge = (
  answer: (request: Request) => Response | Promise<Response>,
  more: Partial<AppOptions> = {},
): ListeningEdge => {
  const service = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: answer })
  const target = {
    url: service.url.origin,
    release: () => undefined,
    failed: () => undefined,
    answered: () => false,
  }
  const log = createLogger('gateway', 'silent')
  const main = app({
    operations: publicOperations(services),
    upstream: createUpstream({ issueToken: async () => 'token', pick: () => target }),
    kept: createKeptAnswers(),
    authenticate: async (authorization) =>
      authorization === undefined
        ? { kind: 'anonymous', id: 'anonymous', scopes: [] }
        : { kind: 'guest', id: authorization, scopes: [] },
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes: 10_000,
    // No deadline ends what a test is to see ended by its client.
    requestTimeoutMs: 300_000,
    log,
    ...more,
  })
  const edge = listen({ HOST: '127.0.0.1', PORT: 0 }, { main, log })
  return {
    url: edge.url,
    stop: async () => {
      await edge.stop()
      await service.stop(true)
    },
  }
}

/** Waits for what other parts of the process are about to do. */
export const untilSo = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
