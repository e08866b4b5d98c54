/** Starts the gateway: NATS for the registry, keys of its own, one public port. */
import { services } from '@comptoir/contracts/app'
import type { ShopSettings } from '@comptoir/contracts/settings'
import { createTokenIssuer, createTokenKeys, type IssueToken } from '@comptoir/service-kit/actor-token'
import type { Registry } from '@comptoir/service-kit/discovery'
import { createLogger, type Logger } from '@comptoir/service-kit/logger'
import type { LiveSettings } from '@comptoir/service-kit/settings'
import { startTelemetry, tracing, type Telemetry } from '@comptoir/service-kit/telemetry'
import { acrossGateways } from './across-gateways.ts'
import { app } from './app.ts'
import type { Config } from './config.ts'
import { createAuthenticate } from './credentials/authenticate.ts'
import { createBrowserSessions, type BrowserSessionsOptions } from './credentials/browser-sessions.ts'
import { edgeHealth } from './health.ts'
import { joinNats } from './join-nats.ts'
import { createKeptAnswers, type KeptAnswers } from './kept-answers.ts'
import { allOperations, publicOperations, type Operations } from './operations.ts'
import { ownCalls } from './own-calls.ts'
import { listen } from './listen.ts'
import { liveLimits } from './live-limits.ts'
import { countRefusals, showProtection } from './protection/show-protection.ts'
import { createAskedByNames } from './protection/asked.ts'
import type { BrowserOptions } from './middleware/browser-session.ts'
import { createProtection } from './protection/protection.ts'
import { publicHosts } from './public-hosts.ts'
import { followRevocations } from './revocations.ts'
import { resilient } from './resilience/resilient-upstream.ts'
import { createUpstream, forgetful } from './upstream.ts'

export interface Gateway {
  readonly url: string
  stop(): Promise<void>
}

const self = 'gateway'

export const startGateway = async (config: Config): Promise<Gateway> => {
  const keys = await createTokenKeys(`${self}.${crypto.randomUUID()}`)
  const log = createLogger(self, config.LOG_LEVEL)
  const telemetry = startTelemetry({ service: self, instance: keys.kid, ...tracing(config), log })
  const nats = await joinNats(config, self, { keys, log })
  const { registry, live } = nats
  const { pick } = registry
  const issueToken = createTokenIssuer(self, keys)
  const kept = createKeptAnswers()
  const operations = publicOperations(services)
  const everywhere = acrossGateways(kept, operations, nats.word)
  const safeguards = safeguarded(config, { operations, registry, issueToken, kept: everywhere, live, log })
  const own = ownCalls(self, safeguards.upstream)
  const { loadKeys, loadRevocations, resolveApiKey, identifying, ...asking } = own
  const revocations = followRevocations({ load: loadRevocations, everyMs: config.REVOCATIONS_EVERY_MS, log })
  let draining = false
  const server = listen(config, {
    main: app({
      operations,
      ...safeguards,
      kept,
      authenticate: createAuthenticate({ issuer: issuerOf(config), loadKeys, revocations, resolveApiKey }),
      ...asking,
      browsers: browsersOf(config, { identity: identifying, revocations }),
      providerCalls: identifying,
      health: edgeHealth({
        services: Object.keys(services),
        pick,
        draining: () => draining,
        connection: () => (registry.isConnected() ? 'ok' : 'degraded'),
      }),
      metricsText: config.METRICS_PORT === 0 ? telemetry.metricsText : undefined,
      keys: loadKeys,
      describesApi: () => live.get('features.apiDescription'),
      ...settingsOf(config),
      log,
    }),
    log,
    draining: () => draining,
  })
  const metrics = serveMetrics(config, telemetry)
  log.info('listening', { url: server.url })
  return {
    url: server.url,
    stop: async () => {
      draining = true
      await registry.leave()
      await Bun.sleep(config.DRAIN_MS)
      await server.stop()
      revocations.stop()
      await metrics?.stop()
      await nats.close()
    },
  }
}

/** Tokens come from where clients find the server that issues them (RFC 8414, 2; RFC 9068, 2.2). */
const issuerOf = ({ TOKEN_ISSUER, PUBLIC_URL }: Config): string => TOKEN_ISSUER ?? PUBLIC_URL ?? 'comptoir'

const browsersOf = (config: Config, options: BrowserSessionsOptions): BrowserOptions => ({
  sessions: createBrowserSessions(options),
  origins: { own: config.PUBLIC_URL, allowed: config.SESSION_ORIGINS },
})

const settingsOf = (config: Config) => ({
  bodyMaxBytes: config.BODY_MAX_BYTES,
  requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
  corsOrigins: config.CORS_ORIGINS,
  hstsMaxAgeSeconds: config.HSTS_MAX_AGE_SECONDS,
  trustedProxies: config.TRUSTED_PROXIES,
  ...(config.PUBLIC_URL === undefined ? {} : { publicUrl: config.PUBLIC_URL }),
  hosts: publicHosts(config),
  graphql: graphqlShown(config),
})

interface SafeguardedOptions {
  readonly operations: Operations
  readonly registry: Registry
  readonly issueToken: IssueToken
  readonly kept: Pick<KeptAnswers, 'forget'>
  readonly live: LiveSettings<ShopSettings>
  readonly log: Logger
}

/** The way to the services, and the limits before the faces, with the same numbers; shown in the metrics. */
const safeguarded = (config: Config, options: SafeguardedOptions) => {
  const { operations, registry, issueToken, kept, live, log } = options
  const limits = liveLimits(live, { rate: config.RATE_LIMIT_SCALE, load: config.LOAD_SCALE })
  const upstream = resilient(forgetful(createUpstream({ issueToken, pick: registry.pick }), kept), {
    askedByNames: createAskedByNames(allOperations(services)),
    limits,
    onBreaker: (service, state) => log.warn('a service’s breaker has changed', { service, state }),
  })
  // One that has just come up need not wait for what its predecessor has been given up for.
  registry.onArrival((service) => upstream.safeguards.get(service)?.breaker.renew())
  const onRefused = countRefusals()
  const protection = createProtection({
    operations,
    limits,
    trustedProxies: config.TRUSTED_PROXIES,
    onRefused,
  })
  showProtection(protection.admission, upstream.safeguards)
  return { upstream, protection }
}

/** In production clients know their queries; GraphiQL is not even installed there. */
const graphqlShown = ({ NODE_ENV, GRAPHQL_INTROSPECTION }: Config) => {
  const graphiql = NODE_ENV !== 'production'
  return {
    graphiql,
    introspection: GRAPHQL_INTROSPECTION === undefined ? graphiql : GRAPHQL_INTROSPECTION === 'on',
  }
}

/** Metrics on a port of their own, where one is set: it need not be open to the world. */
const serveMetrics = ({ HOST, METRICS_PORT }: Config, telemetry: Telemetry) =>
  METRICS_PORT === 0
    ? undefined
    : Bun.serve({
        hostname: HOST,
        port: METRICS_PORT,
        development: false,
        routes: { '/metrics': async () => new Response(await telemetry.metricsText()) },
        fetch: () => new Response('Not found', { status: 404 }),
      })
