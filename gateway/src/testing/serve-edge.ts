/** The gateway's app with a service behind it that answers as told, for tests. */
import { anonymous, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import { createLogger } from '@comptoir/service-kit/logger'
import { app, type AppOptions } from '../app.ts'
import type { HttpBindings } from '../bindings.ts'
import { createKeptAnswers } from '../kept-answers.ts'
import { publicOperations } from '../operations.ts'
import { forgetful, type Upstream, type UpstreamRequest } from '../upstream.ts'

export interface ServedEdge {
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** What reached the service. */
  readonly sent: UpstreamRequest[]
}

// No more of Bun's server is used: there are no sockets here whose silence could be cut.
const server = { timeout: () => undefined } as unknown as HttpBindings['server']

const actors: Readonly<Record<string, Actor>> = {
  'Bearer guest': { kind: 'guest', id: 'g-1', scopes: [] },
  'Bearer staff': { kind: 'admin', id: 'a-1', scopes: ['catalog:write'] },
}

/** Serves; the tokens `guest` and `staff` are known. */
export const serveEdge = (
  answer: (request: UpstreamRequest) => Response | Promise<Response>,
  more: Partial<AppOptions> = {},
): ServedEdge => {
  const sent: UpstreamRequest[] = []
  const kept = createKeptAnswers()
  const upstream: Upstream = { send: async (request) => (sent.push(request), answer(request)) }
  const edge = app({
    operations: publicOperations(services),
    upstream: forgetful(upstream, kept),
    authenticate: async (authorization) => {
      const actor = authorization === undefined ? anonymous : actors[authorization]
      if (actor === undefined) throw commonError('UNAUTHENTICATED')
      return actor
    },
    kept,
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes: 100_000,
    requestTimeoutMs: 2_000,
    log: createLogger('gateway', 'silent'),
    ...more,
  })
  return { fetch: async (path, init) => edge.request(path, init, { server }), sent }
}

/** A service's answer. */
export const result = (data: unknown, headers: Record<string, string> = {}): Response =>
  Response.json({ result: { data } }, { headers })
