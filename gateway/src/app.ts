/** The gateway's routes: faces, health and metrics behind the same few middlewares. */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'
import type { Health } from '@comptoir/service-kit/health'
import type { Logger } from '@comptoir/service-kit/logger'
import { Hono } from 'hono'
import type { Authenticate } from './credentials.ts'
import type { EdgeEnv } from './edge-context.ts'
import { graphqlFace, type GraphqlShown } from './faces/graphql/graphql.ts'
import { openApi } from './faces/rest/openapi.ts'
import { restFace } from './faces/rest/rest.ts'
import { trpcFace } from './faces/trpc/trpc.ts'
import { webhooksFace, type WebhooksFaceOptions } from './faces/webhooks.ts'
import type { KeptAnswers } from './kept-answers.ts'
import { authentication } from './middleware/authenticate.ts'
import { deadline } from './middleware/deadline.ts'
import { defaultHeaders } from './middleware/default-headers.ts'
import { keptAnswer } from './middleware/kept-answer.ts'
import { measurement } from './middleware/measure.ts'
import { requestId } from './middleware/request-id.ts'
import { tracing } from './middleware/trace.ts'
import { wellFormed } from './middleware/well-formed.ts'
import type { Operations } from './operations.ts'
import { answerProblem, asServiceError, problemFor } from './problem.ts'
import type { Upstream } from './upstream.ts'

export interface AppOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly authenticate: Authenticate
  readonly kept: KeptAnswers
  readonly webhooks: Omit<WebhooksFaceOptions, 'bodyMaxBytes'>
  readonly health: Health
  /** Absent where metrics have a port of their own. */
  readonly metricsText: (() => Promise<string>) | undefined
  readonly keys: () => Promise<object>
  /** What clients of /graphql are shown beside the answers to their questions; nothing where it is left out. */
  readonly graphql?: GraphqlShown
  readonly bodyMaxBytes: number
  readonly requestTimeoutMs: number
  readonly log: Logger
}

const nothingShown: GraphqlShown = { introspection: false, graphiql: false }

/** Prometheus refuses metrics of another type. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

export const app = (options: AppOptions): Hono<EdgeEnv> => {
  const { operations, upstream, bodyMaxBytes } = options
  const document = openApi(operations)
  const report = ({ status, code, cause }: ServiceError, path: string): void => {
    if (status >= 500) options.log.error('request failed', { path, code, cause })
  }
  const face = { operations, upstream, kept: options.kept, bodyMaxBytes, report }
  return new Hono<EdgeEnv>()
    .onError((thrown, c) => {
      // The client has left: nothing failed, and nobody reads an answer.
      if (c.req.raw.signal.aborted) return new Response(null, { status: 499 })
      const error = asServiceError(thrown)
      report(error, c.req.path)
      return answerProblem(problemFor(error, c.var.requestId, c.req.path), error.retryAfterSeconds)
    })
    .notFound((c) => answerProblem(problemFor(commonError('NOT_FOUND'), c.var.requestId, c.req.path)))
    .use(keptAnswer(options.kept))
    .use(defaultHeaders(), requestId(), tracing(), measurement(), wellFormed())
    .use(deadline(options.requestTimeoutMs))
    .get('/healthz', (c) => c.text('ok', 200, { 'content-type': 'text/plain; charset=utf-8' }))
    .get('/readyz', async (c) => {
      const report = await options.health()
      return c.json(report, report.status === 'unready' ? 503 : 200)
    })
    .get('/metrics', async (c) => {
      if (options.metricsText === undefined) throw commonError('NOT_FOUND')
      return c.text(await options.metricsText(), 200, { 'content-type': metricsType })
    })
    .get('/openapi.json', (c) => c.json(document))
    .get('/.well-known/jwks.json', async (c) => {
      c.header('cache-control', 'public, max-age=300')
      return c.json(await options.keys())
    })
    .route('/webhooks', webhooksFace({ ...options.webhooks, bodyMaxBytes }))
    .use(authentication(options.authenticate))
    .route('/trpc', trpcFace(face))
    .route('/graphql', graphqlFace({ ...face, ...(options.graphql ?? nothingShown) }))
    .route('/', restFace(face))
}
