/** Starts the gateway: NATS for the registry, keys of its own, one public port. */
import { services } from '@comptoir/contracts/app'
import { productArchived, productCreated, productUpdated } from '@comptoir/contracts/catalog/events'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import { identity } from '@comptoir/contracts/identity/procedures'
import type { IncomingWebhook } from '@comptoir/contracts/payments/model'
import { payments } from '@comptoir/contracts/payments/procedures'
import { createTokenIssuer, createTokenKeys } from '@comptoir/service-kit/actor-token'
import { createClient, type Hop } from '@comptoir/service-kit/client'
import { startRegistry } from '@comptoir/service-kit/discovery'
import { createLogger } from '@comptoir/service-kit/logger'
import { connectNats } from '@comptoir/service-kit/nats'
import { startTelemetry, type Telemetry } from '@comptoir/service-kit/telemetry'
import { app } from './app.ts'
import type { Config } from './config.ts'
import { createAuthenticate } from './credentials.ts'
import { edgeHealth } from './health.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { publicOperations } from './operations.ts'
import { listen } from './listen.ts'
import { createUpstream, forgetful } from './upstream.ts'

export interface Gateway {
  readonly url: string
  stop(): Promise<void>
}

const self = 'gateway'

export const startGateway = async (config: Config): Promise<Gateway> => {
  const keys = await createTokenKeys(`${self}.${crypto.randomUUID()}`)
  const log = createLogger(self, config.LOG_LEVEL)
  const telemetry = startTelemetry({
    service: self,
    instance: keys.kid,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  })
  log.info('joining NATS')
  const nats = await connectNats(config.NATS_URL, self)
  const address = config.ADVERTISED_URL ?? `http://${config.HOST}:${config.PORT}`
  const registry = await startRegistry({
    nats,
    self: { id: keys.kid, service: self, url: address, publicJwk: keys.publicJwk },
    fixedUrls: config.fixedUrls,
    log,
  })
  const issueToken = createTokenIssuer(self, keys)
  const { loadKeys, ...webhooks } = ownCalls({ self, issueToken, pick: registry.pick })
  const kept = createKeptAnswers()
  // What was written through another gateway; what is missed here is old after some seconds anyway.
  for (const { subject } of [productCreated, productUpdated, productArchived])
    nats.subscribe(subject, { callback: () => kept.forget('catalog') })
  let draining = false
  const server = listen(config, {
    main: app({
      operations: publicOperations(services),
      upstream: forgetful(createUpstream({ issueToken, pick: registry.pick }), kept),
      kept,
      authenticate: createAuthenticate({ issuer: config.TOKEN_ISSUER, loadKeys }),
      webhooks,
      health: edgeHealth({
        services: Object.keys(services),
        pick: registry.pick,
        draining: () => draining,
        connection: () => (registry.isConnected() ? 'ok' : 'degraded'),
      }),
      metricsText: config.METRICS_PORT === 0 ? telemetry.metricsText : undefined,
      keys: loadKeys,
      graphql: graphqlShown(config),
      bodyMaxBytes: config.BODY_MAX_BYTES,
      requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
      log,
    }),
    log,
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
      await metrics?.stop()
      await registry.stop()
      await nats.close()
    },
  }
}

/** What the gateway asks of services by itself rather than for a client. */
const ownCalls = (hop: Hop) => {
  const own = { actor: { kind: 'service' as const, id: self, scopes: [] } }
  const paying = createClient(hop, 'payments', payments)
  const delivering = createClient(hop, 'delivery', delivery)
  const identifying = createClient(hop, 'identity', identity)
  return {
    loadKeys: () => identifying.listKeys({}, own),
    stripe: (webhook: IncomingWebhook) => paying.receiveWebhook(webhook, own),
    carrier: (webhook: IncomingWebhook) => delivering.receiveWebhook(webhook, own),
  }
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
