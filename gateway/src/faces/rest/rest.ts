/** /v1: every operation with an `http` route, projected from its contract. */
import { commonError } from '@comptoir/contracts/errors'
import { Hono, type Context } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import { cacheControl, freshnessOf, isForAnybody } from '../../freshness.ts'
import { refusal, type Operation, type Operations } from '../../operations.ts'
import { answerProblem, problemFor } from '../../problem.ts'
import type { KeptAnswers } from '../../kept-answers.ts'
import { publicText, tellText } from '../../public-text.ts'
import type { Upstream } from '../../upstream.ts'
import { failedCall, sendCall } from './call.ts'
import { readInput } from './input.ts'
import { openStream } from './opening.ts'
import { dataOf, locatedOf, privateAnswer, versionOf } from './success.ts'

export interface RestFaceOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly kept: KeptAnswers
  readonly bodyMaxBytes: number
}

export const restFace = (options: RestFaceOptions): Hono<EdgeEnv> => {
  const face = new Hono<EdgeEnv>()
  const paths = new Map<string, string[]>()
  const located = locatedOf(options.operations)
  for (const operation of options.operations.values()) {
    const { http } = operation.contract
    if (http === undefined) continue
    const path = http.path.replaceAll(/\{(\w+)\}/g, ':$1')
    face.on(http.method, path, (c) => answer(c, operation, { ...options, located }))
    paths.set(path, [...(paths.get(path) ?? []), http.method])
  }
  for (const [path, methods] of paths) face.all(path, (c) => wrongMethod(c, methods))
  return face
}

const wrongMethod = (c: Context<EdgeEnv>, methods: readonly string[]): Response => {
  const allow = methods.join(', ')
  const error = commonError('METHOD_NOT_ALLOWED', { message: `Here ${allow} can be used.` })
  const response = answerProblem(problemFor(error, c.get('requestId'), c.req.path))
  response.headers.set('allow', allow)
  return response
}

const answer = async (
  c: Context<EdgeEnv>,
  operation: Operation,
  options: RestFaceOptions & { readonly located: ReadonlySet<Operation> },
): Promise<Response> => {
  const refused = refusal(operation, c.get('actor'))
  if (refused !== undefined) throw refused
  // Nobody would read the stream, nor end it.
  if (operation.contract.kind === 'subscription' && c.req.method === 'HEAD') return new Response(null)
  const input = await readInput(operation, {
    c,
    params: c.req.param(),
    bodyMaxBytes: options.bodyMaxBytes,
  })
  const keep = options.kept.begin(c.req.raw, operation.service)
  const response = await sendCall(c, operation, { upstream: options.upstream, input })
  if (operation.contract.kind === 'subscription' && response.ok) return streamed(c, response)
  const text = await response.text()
  if (!response.ok) return failedCall(c, text, response)
  if (!isForAnybody(c.req.raw, operation))
    return privateAnswer({ operation, isLocated: options.located.has(operation) }, text, response)
  const body = dataOf(text)
  const version = versionOf(operation, body)
  const freshness = freshnessOf(operation.contract)
  if (freshness !== undefined) keep({ body, version, route: c.req.routePath, ...freshness })
  return tellText(
    c.req.raw.headers,
    publicText(body, { type: 'application/json', version }),
    freshness === undefined ? {} : { 'cache-control': cacheControl(freshness) },
  )
}

const streamed = async (c: Context<EdgeEnv>, response: Response): Promise<Response> => {
  if (response.body === null) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  const { refusal, body } = await openStream(response.body)
  if (refusal !== undefined) return failedCall(c, `{"error":${refusal}}`, response)
  c.env.server.timeout(c.req.raw, 0)
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  })
}
