/** A listening gateway with limits, in front of a service that answers as told. */
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import type { RateClass } from '@comptoir/contracts/settings'
import { createLogger } from '@comptoir/service-kit/logger'
import { app } from '../app.ts'
import { createKeptAnswers } from '../kept-answers.ts'
import { listen } from '../listen.ts'
import { publicOperations } from '../operations.ts'
import { readTrustedProxies } from '../protection/client-address.ts'
import { defaultLimits, scaledLimits, type Limits } from '../protection/limits.ts'
import { createProtection } from '../protection/protection.ts'
import type { UpstreamRequest } from '../upstream.ts'

const operations = publicOperations(services)
const generous = scaledLimits(defaultLimits, { rate: 1_000, load: 1_000 })

export const fine = (): Response => Response.json({ result: { data: {} } })

interface Stage {
  /** How the service answers. */
  answer(request: UpstreamRequest): Response | Promise<Response>
  /** What it was asked since the scene was set. */
  sent: UpstreamRequest[]
  /** Whether what is kept may be told stale. */
  stale: boolean
}

interface Init extends RequestInit {
  headers?: Record<string, string>
}

export const startProtectedEdge = () => {
  const stage: Stage = { answer: fine, sent: [], stale: false }
  let limits: Limits = generous
  let last = 0
  const main = app({
    operations,
    upstream: { send: async (request) => (stage.sent.push(request), stage.answer(request)) },
    kept: createKeptAnswers(() => (stage.stale ? 60_000 : 0)),
    protection: createProtection({
      operations,
      limits: () => limits,
      trustedProxies: readTrustedProxies('127.0.0.0/8') ?? 0,
    }),
    authenticate: async (authorization) => {
      if (authorization === undefined) return { kind: 'anonymous', id: 'anonymous', scopes: [] }
      if (authorization === 'Bearer wrong') throw commonError('UNAUTHENTICATED')
      return { kind: 'guest', id: authorization, scopes: [] }
    },
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes: 10_000,
    requestTimeoutMs: 2_000,
    log: createLogger('gateway', 'silent'),
  })
  const edge = listen({ HOST: '127.0.0.1', PORT: 0 }, { main, log: createLogger('gateway', 'silent') })
  return {
    stage,
    stop: () => edge.stop(),
    /** Sets the scene, and answers an address that nobody has had before. */
    scene: (rates: Partial<Record<RateClass, number>>, more: Partial<Limits> = {}): string => {
      const given = Object.entries(rates).map(([name, quota]) => [name, { quota, windowSeconds: 60 }])
      limits = { ...generous, ...more, rates: { ...generous.rates, ...Object.fromEntries(given) } }
      stage.answer = fine
      stage.sent = []
      last += 1
      return `198.51.100.${last}`
    },
    ask: (address: string, path: string, init: Init = {}): Promise<Response> =>
      fetch(`${edge.url}${path}`, {
        ...init,
        headers: { 'x-forwarded-for': address, 'content-type': 'application/json', ...init.headers },
      }),
  }
}
