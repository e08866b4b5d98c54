/**
 * /graphql: every operation as a field, GraphQL over HTTP, subscriptions as server-sent events. Nothing here knows an
 * operation: what a contract declares is there.
 */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'
import { Hono, type Context } from 'hono'
import { readBody } from '../../body.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import { refuseDeep } from '../../json-depth.ts'
import type { KeptAnswers } from '../../kept-answers.ts'
import type { Operation, Operations } from '../../operations.ts'
import { asServiceError } from '../../problem.ts'
import type { Upstream } from '../../upstream.ts'
import { createCaller } from './caller.ts'
import { createEngine, type Engine } from './engine.ts'
import { graphiqlPage } from './graphiql.ts'
import { keptLookUps } from './kept-look-ups.ts'
import { refuseGraphql } from './refuse-graphql.ts'
import type { ShownTo } from './shown-errors.ts'

export interface GraphqlShown {
  /** Whether clients may ask what there is, and are told what they may have meant. */
  readonly introspection: boolean
  /** Whether browsers get a page to write queries on. */
  readonly graphiql: boolean
}

export interface GraphqlFaceOptions extends GraphqlShown {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly kept: KeptAnswers
  readonly bodyMaxBytes: number
  /** Takes what an operation costs of its caller's quota, and throws where there is too little left. */
  charge?(c: Context<EdgeEnv>, operation: Operation): void
  /** Told of what went wrong here rather than in a service. */
  report(error: ServiceError, path: string): void
}

export const graphqlFace = (options: GraphqlFaceOptions): Hono<EdgeEnv> => {
  const engine = createEngine(options)
  return new Hono<EdgeEnv>().all('/', async (c) => {
    const to: ShownTo = {
      requestId: c.get('requestId'),
      instance: c.req.path,
      hints: options.introspection,
      report: (error) => {
        if (!c.req.raw.signal.aborted) options.report(error, c.req.path)
      },
    }
    try {
      if (options.graphiql && wantsPage(c.req.raw)) return await graphiqlPage()
      return await answer(c, { engine, options, to })
    } catch (thrown) {
      if (c.req.raw.signal.aborted) throw thrown
      const error = asServiceError(thrown)
      if (error.status >= 500) to.report(error)
      return refuseGraphql(c, error)
    }
  })
}

const wantsPage = ({ method, headers }: Request): boolean =>
  method === 'GET' && headers.get('accept')?.includes('text/html') === true

const answer = async (
  c: Context<EdgeEnv>,
  { engine, options, to }: { engine: Engine; options: GraphqlFaceOptions; to: ShownTo },
): Promise<Response> => {
  const { raw } = c.req
  const caller = createCaller({
    upstream: options.upstream,
    actor: c.get('actor'),
    client: c.get('client'),
    deadlineAt: c.get('deadlineAt'),
    signal: raw.signal,
    lastEventId: c.req.header('last-event-id'),
    kept: keptLookUps(options.kept, raw),
    report: to.report,
    charge: (operation) => options.charge?.(c, operation),
  })
  const idempotencyKey = c.req.header('idempotency-key')
  const body = await bodyOf(c, options.bodyMaxBytes)
  const response = await engine(bare(raw), { caller, idempotencyKey, body, to })
  const headers = new Headers()
  for (const name of ['content-type', 'allow', 'cache-control']) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  if (caller.replayed) headers.set('idempotency-replayed', 'true')
  // A stream lives for as long as somebody listens, however little there is to say.
  if (headers.get('content-type')?.startsWith('text/event-stream')) c.env.server.timeout(raw, 0)
  return new Response(response.body, { status: response.status, headers })
}

/** The request without anything of the client’s but the question itself and how it is to be answered. */
const bare = ({ method, url, headers, signal }: Request): Request =>
  new Request(url, { method, signal, headers: { accept: headers.get('accept') ?? '*/*' } })

/** The body as JSON; undefined where the question is in the address. */
const bodyOf = async (c: Context<EdgeEnv>, bodyMaxBytes: number): Promise<unknown> => {
  const { raw } = c.req
  if (raw.method === 'GET') return undefined
  if (raw.method !== 'POST')
    throw commonError('METHOD_NOT_ALLOWED', { message: 'Here GET and POST can be used.' })
  const bytes = await readBody(c, bodyMaxBytes)
  if (bytes === undefined || bytes.byteLength === 0)
    throw commonError('MALFORMED_REQUEST', { message: 'A body is needed.' })
  if (!/^application\/json\s*(;|$)/i.test(raw.headers.get('content-type') ?? ''))
    throw commonError('UNSUPPORTED_MEDIA_TYPE')
  refuseDeep(bytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw commonError('MALFORMED_REQUEST', { message: 'The body is not valid JSON in UTF-8.' })
  }
}
