/** The gateway's routes: faces, health and metrics behind the same few middlewares. */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'
import type { Health } from '@comptoir/service-kit/health'
import type { Logger } from '@comptoir/service-kit/logger'
import { Hono, type MiddlewareHandler } from 'hono'
import type { Authenticate } from './credentials/authenticate.ts'
import { docs } from './docs.ts'
import type { EdgeEnv } from './edge-context.ts'
import { authFace, type ProviderCalls } from './faces/auth/auth.ts'
import { graphqlFace, type GraphqlShown } from './faces/graphql/graphql.ts'
import { metadata } from './faces/oauth/metadata.ts'
import { oauthFace } from './faces/oauth/oauth.ts'
import type { OAuthCalls } from './faces/oauth/oauth-calls.ts'
import { openApi } from './faces/rest/openapi.ts'
import { restFace } from './faces/rest/rest.ts'
import { sessionFace } from './faces/session/session.ts'
import { trpcFace } from './faces/trpc/trpc.ts'
import { webhooksFace, type WebhooksFaceOptions } from './faces/webhooks.ts'
import { isInternal, peerOf } from './internal-caller.ts'
import type { KeptAnswers } from './kept-answers.ts'
import { admit } from './middleware/admit.ts'
import { authentication } from './middleware/authenticate.ts'
import { around } from './middleware/around.ts'
import { browserSession, type BrowserOptions } from './middleware/browser-session.ts'
import { crossOrigin } from './middleware/cross-origin.ts'
import { keptAnswer } from './middleware/kept-answer.ts'
import { limitActor } from './middleware/limit-actor.ts'
import { limitAddress } from './middleware/limit-address.ts'
import { limitPrograms } from './middleware/limit-program.ts'
import { switchedOn } from './middleware/switched-on.ts'
import { transportSecurity } from './middleware/transport-security.ts'
import { withoutCredential } from './middleware/without-credential.ts'
import type { Operations } from './operations.ts'
import { chargeOperation } from './protection/charge-operation.ts'
import type { TrustedProxies } from './protection/client-address.ts'
import type { Protection } from './protection/protection.ts'
import { refuse } from './protection/refuse.ts'
import { answerProblem, asServiceError, problemFor } from './problem.ts'
import { publicText, tellText } from './public-text.ts'
import type { Upstream } from './upstream.ts'

export interface AppOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly authenticate: Authenticate
  /** Absent: a cookie is no credential. */
  readonly browsers?: BrowserOptions
  readonly kept: KeptAnswers
  readonly webhooks: Omit<WebhooksFaceOptions, 'bodyMaxBytes'>
  /** Absent: there is nothing for third parties. */
  readonly oauth?: OAuthCalls
  /** Absent: there is no signing in by providers. */
  readonly providerCalls?: ProviderCalls
  /** Where others find the edge; without it the host that they ask for is believed. */
  readonly publicUrl?: string
  /** Requests for other hosts are refused; absent: any host is ours. */
  readonly hosts?: ReadonlySet<string> | undefined
  readonly health: Health
  /** Absent where metrics have a port of their own. */
  readonly metricsText: (() => Promise<string>) | undefined
  readonly keys: () => Promise<object>
  /** Whether /openapi.json is offered; it is unless told. */
  readonly describesApi?: () => boolean
  /** What clients of /graphql are shown beside the answers to their questions; nothing where it is left out. */
  readonly graphql?: GraphqlShown
  readonly bodyMaxBytes: number
  readonly requestTimeoutMs: number
  /** Origins whose pages may read answers; none unless told. */
  readonly corsOrigins?: readonly string[]
  /** 0, and no word of it, unless told. */
  readonly hstsMaxAgeSeconds?: number
  /** Who may tell where a request comes from; nobody unless told. */
  readonly trustedProxies?: TrustedProxies
  /** Absent: nobody is refused for asking too much, as in tests of other things. */
  readonly protection?: Protection
  readonly log: Logger
}

const nothingShown: GraphqlShown = { introspection: false, graphiql: false }

/** Prometheus refuses metrics of another type. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

export const app = (options: AppOptions): Hono<EdgeEnv> => {
  const { operations, upstream, bodyMaxBytes, protection } = options
  const described = { cookies: options.browsers !== undefined, oauth: options.oauth !== undefined }
  const document = lazily(() =>
    publicText(JSON.stringify(openApi(operations, described)), { type: 'application/json' }),
  )
  const report = ({ status, code, cause }: ServiceError, path: string): void => {
    // Without a cause nobody was asked: a service that is away or given up is told of once, not by each who asks for it.
    if (status >= 500 && cause !== undefined) options.log.error('request failed', { path, code, cause })
  }
  const guard = (make: (protection: Protection) => MiddlewareHandler<EdgeEnv>) => optional(protection, make)
  const face = { operations, upstream, kept: options.kept, bodyMaxBytes, report }
  const sessions =
    options.browsers === undefined ? new Hono<EdgeEnv>() : sessionFace({ ...face, ...options.browsers })
  return withBrowserRules(new Hono<EdgeEnv>(), options)
    .onError((thrown, c) => {
      // The client has left: nothing failed, and nobody reads an answer.
      if (c.req.raw.signal.aborted) return new Response(null, { status: 499 })
      const error = asServiceError(thrown)
      report(error, c.req.path)
      return refuse(c, error)
    })
    .notFound((c) => answerProblem(problemFor(commonError('NOT_FOUND'), c.get('requestId'), c.req.path)))
    .use(keptAnswer(options.kept, options.hosts), around(options))
    .on('GET', ['/healthz', '/livez', '/startupz'], (c) =>
      c.text('ok', 200, { 'content-type': 'text/plain; charset=utf-8' }),
    )
    .get('/readyz', async (c) => {
      const { status, checks } = await options.health()
      const told = isInternal(c.req.raw, peerOf(c.req.raw, c.env)) ? { status, checks } : { status }
      return c.json(told, status === 'unready' ? 503 : 200)
    })
    .get('/metrics', async (c) => {
      if (options.metricsText === undefined || !isInternal(c.req.raw, peerOf(c.req.raw, c.env)))
        throw commonError('NOT_FOUND')
      return c.text(await options.metricsText(), 200, { 'content-type': metricsType })
    })
    .use('/openapi.json', switchedOn(options.describesApi))
    .get('/openapi.json', (c) =>
      tellText(c.req.raw.headers, document(), { 'cache-control': 'public, max-age=60' }),
    )
    .route('/docs', docs())
    .get('/.well-known/jwks.json', async (c) => {
      c.header('cache-control', 'public, max-age=300')
      return c.json(await options.keys())
    })
    .use(guard(limitAddress), guard(admit))
    .route('/webhooks', webhooksFace({ ...options.webhooks, bodyMaxBytes }))
    .route('/', thirdParties(options, guard(limitActor)))
    .route('/', providers(options, guard(limitActor)))
    .use(authentication(options.authenticate, options.trustedProxies ?? 0))
    .use(optional(options.browsers, browserSession))
    .use(guard(limitActor))
    .route('/session', sessions)
    .route('/trpc', trpcFace(face))
    .route(
      '/graphql',
      graphqlFace({ ...face, ...charging(protection), ...(options.graphql ?? nothingShown) }),
    )
    .route('/', restFace(face))
}

/** Before anybody is asked for a credential of ours: these endpoints have their own. */
const thirdParties = (
  { oauth, authenticate, publicUrl, protection }: AppOptions,
  limited: MiddlewareHandler<EdgeEnv>,
): Hono<EdgeEnv> => {
  const routes = new Hono<EdgeEnv>()
  if (oauth === undefined) return routes
  return routes
    .get('/.well-known/oauth-authorization-server', (c) =>
      c.json(metadata(publicUrl ?? new URL(c.req.url).origin)),
    )
    .use('/oauth/*', withoutCredential(), limited)
    .route(
      '/oauth',
      oauthFace({ calls: oauth, authenticate, publicUrl, limits: protection && limitPrograms(protection) }),
    )
}

/** Before a browser’s cookie is asked for: one that is over must not keep its owner from signing in. */
const providers = (
  { providerCalls: calls, browsers, publicUrl }: AppOptions,
  limited: MiddlewareHandler<EdgeEnv>,
): Hono<EdgeEnv> => {
  const routes = new Hono<EdgeEnv>()
  if (calls === undefined || browsers === undefined) return routes
  return routes
    .use('/auth/*', withoutCredential(), limited)
    .route('/auth', authFace({ ...browsers, calls, publicUrl }))
}

/** The middleware of a part that may be absent. */
const optional = <T>(
  part: T | undefined,
  make: (part: T) => MiddlewareHandler<EdgeEnv>,
): MiddlewareHandler<EdgeEnv> => (part === undefined ? (_c, next) => next() : make(part))

const charging = (protection: Protection | undefined) =>
  protection === undefined ? {} : { charge: chargeOperation(protection) }

/** Around everything else, so that they hold for kept answers and refusals too. */
const withBrowserRules = (
  edge: Hono<EdgeEnv>,
  { corsOrigins = [], browsers, hstsMaxAgeSeconds = 0 }: AppOptions,
): Hono<EdgeEnv> => {
  if (hstsMaxAgeSeconds > 0) edge.use(transportSecurity(hstsMaxAgeSeconds))
  const trusted = browsers?.origins.allowed ?? []
  if (corsOrigins.length + trusted.length > 0) edge.use(crossOrigin(corsOrigins, trusted))
  return edge
}

/** Made when it is first asked for, because most processes are never asked. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}
