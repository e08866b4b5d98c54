/** /v1: every operation with an `http` route, projected from its contract. */
import { commonError } from '@comptoir/contracts/errors'
import { Problem } from '@comptoir/contracts/errors'
import { Hono, type Context } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import { refusal, type Operation, type Operations } from '../../operations.ts'
import { answerProblem, problemFor } from '../../problem.ts'
import type { KeptAnswers } from '../../kept-answers.ts'
import { cacheControl } from '../../middleware/kept-answer.ts'
import type { Upstream } from '../../upstream.ts'
import { readInput } from './input.ts'
import { openStream } from './opening.ts'

export interface RestFaceOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly kept: KeptAnswers
  readonly bodyMaxBytes: number
}

export const restFace = (options: RestFaceOptions): Hono<EdgeEnv> => {
  const face = new Hono<EdgeEnv>()
  const paths = new Map<string, string[]>()
  for (const operation of options.operations.values()) {
    const { http } = operation.contract
    if (http === undefined) continue
    const path = http.path.replaceAll(/\{(\w+)\}/g, ':$1')
    face.on(http.method, path, (c) => answer(c, operation, options))
    paths.set(path, [...(paths.get(path) ?? []), http.method])
  }
  for (const [path, methods] of paths) face.all(path, (c) => wrongMethod(c, methods))
  return face
}

const wrongMethod = (c: Context<EdgeEnv>, methods: readonly string[]): Response => {
  const allow = methods.join(', ')
  const error = commonError('METHOD_NOT_ALLOWED', { message: `Here ${allow} can be used.` })
  const response = answerProblem(problemFor(error, c.var.requestId, c.req.path))
  response.headers.set('allow', allow)
  return response
}

const answer = async (
  c: Context<EdgeEnv>,
  operation: Operation,
  options: RestFaceOptions,
): Promise<Response> => {
  const refused = refusal(operation, c.var.actor)
  if (refused !== undefined) throw refused
  // Nobody would read the stream, nor end it.
  if (operation.contract.kind === 'subscription' && c.req.method === 'HEAD') return new Response(null)
  const input = await readInput(operation, {
    raw: c.req.raw,
    params: c.req.param(),
    bodyMaxBytes: options.bodyMaxBytes,
  })
  const keep = options.kept.begin(c.req.raw, operation.service)
  const response = await send(c, operation, { upstream: options.upstream, input })
  if (operation.contract.kind === 'subscription' && response.ok) return streamed(c, response)
  const text = await response.text()
  if (!response.ok) return failed(c, text, response)
  const freshness = freshnessOf(c, operation)
  if (freshness === undefined) return succeeded(operation, text, response)
  const body = dataOf(text)
  keep({ body, route: c.req.routePath, ...freshness })
  return new Response(body, {
    headers: { 'content-type': 'application/json', 'cache-control': cacheControl(freshness) },
  })
}

/** Set where everybody gets the same answer: the operation is public and nobody showed who they are. */
const freshnessOf = (c: Context<EdgeEnv>, { contract }: Operation) => {
  if (contract.kind !== 'query' || contract.access !== 'public') return undefined
  const { cacheSeconds, staleIfErrorSeconds = 300 } = contract
  const isShared = cacheSeconds !== undefined && c.req.header('authorization') === undefined
  return isShared ? { cacheSeconds, staleIfErrorSeconds } : undefined
}

const send = (
  c: Context<EdgeEnv>,
  operation: Operation,
  { upstream, input }: { upstream: Upstream; input: object },
): Promise<Response> => {
  const json = JSON.stringify(input)
  const path = `/trpc/${operation.path}`
  const isWrite = operation.contract.kind === 'mutation'
  const streams = operation.contract.kind === 'subscription'
  return upstream.send({
    service: operation.service,
    path: isWrite ? path : `${path}?input=${encodeURIComponent(json)}`,
    method: isWrite ? 'POST' : 'GET',
    actor: c.var.actor,
    headers: {
      'content-type': 'application/json',
      ...(streams ? { accept: 'text/event-stream' } : {}),
      ...passed(c, 'idempotency-key'),
      ...passed(c, 'last-event-id'),
    },
    body: isWrite ? json : undefined,
    deadlineAt: c.var.deadlineAt,
    signal: c.req.raw.signal,
    streams,
  })
}

const passed = (c: Context<EdgeEnv>, name: string): Record<string, string> => {
  const value = c.req.header(name)
  return value === undefined ? {} : { [name]: value }
}

const streamed = async (c: Context<EdgeEnv>, response: Response): Promise<Response> => {
  if (response.body === null) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  const { refusal, body } = await openStream(response.body)
  if (refusal !== undefined) return failed(c, `{"error":${refusal}}`, response)
  c.env.server.timeout(c.req.raw, 0)
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
  })
}

const succeeded = (operation: Operation, text: string, response: Response): Response => {
  const status = operation.contract.http?.status ?? 200
  const headers = new Headers()
  const replayed = response.headers.get('idempotency-replayed')
  if (replayed !== null) headers.set('idempotency-replayed', replayed)
  if (status === 204) return new Response(null, { status, headers })
  const data = dataOf(text)
  headers.set('content-type', 'application/json')
  if (status === 201) setLocation(headers, operation, data)
  return new Response(data, { status, headers })
}

const opening = '{"result":{"data":'

/** The `data` of tRPC's envelope, cut out rather than parsed and written again. */
const dataOf = (text: string): string =>
  text.startsWith(opening) && text.endsWith('}}')
    ? text.slice(opening.length, -2)
    : JSON.stringify((JSON.parse(text) as { result?: { data?: unknown } }).result?.data ?? null)

const setLocation = (headers: Headers, operation: Operation, data: string): void => {
  const { id } = JSON.parse(data) as { id?: unknown }
  const path = operation.contract.http?.path
  if (typeof id === 'string' && path !== undefined && !path.includes('{'))
    headers.set('location', `${path}/${id}`)
}

const failed = (c: Context<EdgeEnv>, text: string, response: Response): Response => {
  const problem = Problem.safeParse(problemIn(text))
  if (!problem.success) throw commonError('UNAVAILABLE', { cause: problem.error, retryAfterSeconds: 1 })
  const told = { ...problem.data, instance: c.req.path, requestId: c.var.requestId }
  return answerProblem(told, response.headers.get('retry-after'))
}

const problemIn = (text: string): unknown => {
  try {
    return (JSON.parse(text) as { error?: { data?: { problem?: unknown } } }).error?.data?.problem
  } catch {
    return undefined
  }
}
