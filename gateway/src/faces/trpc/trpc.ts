/** /trpc: calls and batches of one service go through untouched; a batch over several is split and joined. */
import type { Actor } from '@comptoir/contracts/access'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { Hono, type Context } from 'hono'
import { readBody } from '../../body.ts'
import { refuseDeep, refuseDeepText } from '../../json-depth.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import { refusal, type Operation, type Operations } from '../../operations.ts'
import type { KeptAnswers } from '../../kept-answers.ts'
import { asServiceError } from '../../problem.ts'
import { refuse } from '../../protection/refuse.ts'
import { untilTold } from '../../protection/until-told.ts'
import { networkHeader } from '../../protection/network-header.ts'
import { searchOf } from '../../search-of.ts'
import type { Upstream } from '../../upstream.ts'
import { trpcMethods, withEdgeHeaders } from './answer.ts'
import { asksForStream } from './asks-for-stream.ts'
import type { Incoming } from './incoming.ts'
import { keepingRead } from './keeping-read.ts'
import { readQuery } from './query.ts'
import { splitBatch } from './split-batch.ts'

export interface TrpcFaceOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly kept: KeptAnswers
  readonly bodyMaxBytes: number
  /** Told of what went wrong here rather than in a service. */
  report(error: ServiceError, path: string): void
}

const batchMax = 10
/** Nothing else of what a client sends reaches a service. */
const forwarded = ['content-type', 'accept', 'trpc-accept', 'idempotency-key', 'last-event-id']

export const trpcFace = ({ operations, bodyMaxBytes, ...options }: TrpcFaceOptions): Hono<EdgeEnv> => {
  const upstream = reporting(options)
  return new Hono<EdgeEnv>().all('/:paths{.+}', async (c) => {
    const paths = c.req.param('paths').split(',')
    const search = searchOf(c.req.url)
    const { isBatch, input } = readQuery(search)
    const isStream = isBatch && asksForStream(c.req.raw.headers)
    const fail = (error: ServiceError) => refuse(c, error)
    try {
      if (!trpcMethods.includes(c.req.method)) return fail(commonError('METHOD_NOT_ALLOWED'))
      if (paths.length > (isBatch ? batchMax : 1)) return fail(tooMany(paths.length, isBatch))
      const found = paths.map((path) => operations.get(path))
      const isRefused = found.every((operation) => !isOpen(operation, c.get('actor')))
      const incoming: Incoming = {
        method: c.req.method,
        paths,
        search,
        input,
        isBatch,
        isStream,
        actor: c.get('actor'),
        client: c.get('client'),
        deadlineAt: c.get('deadlineAt'),
        signal: c.req.raw.signal,
        headers: headersOf(c.req.raw.headers),
        body: isRefused ? undefined : await readBody(c, bodyMaxBytes),
      }
      if (incoming.body === undefined) refuseDeepText(input ?? '')
      else refuseDeep(incoming.body)
      const whole = singleService(found, incoming)
      if (whole === undefined) {
        const joined = await splitBatch(upstream, incoming, found)
        return isStream ? inLines(c, joined) : joined
      }
      if (whole.first.contract.kind === 'subscription') c.env.server.timeout(c.req.raw, 0)
      const tell = keepingRead(c, { operations: found, isStream, kept: options.kept })
      const response = await passThrough(upstream, incoming, whole)
      if (isStream) return inLines(c, withEdgeHeaders(response))
      return tell === undefined ? withEdgeHeaders(response) : await tell(response)
    } catch (thrown) {
      if (c.req.raw.signal.aborted) throw thrown
      const error = asServiceError(thrown)
      if (error !== thrown) options.report(error, c.req.path)
      return fail(error)
    }
  })
}

const reporting = ({ upstream, report }: Pick<TrpcFaceOptions, 'upstream' | 'report'>): Upstream => ({
  send: (request) =>
    upstream.send(request).catch((error: unknown) => {
      if (error instanceof ServiceError && !request.signal.aborted)
        report(error, request.path.split('?')[0] ?? '')
      throw error
    }),
})

const tooMany = (count: number, isBatch: boolean): ServiceError =>
  isBatch
    ? commonError('MALFORMED_REQUEST', { message: `A batch holds at most ${batchMax} calls, not ${count}.` })
    : commonError('NOT_FOUND')

/** All the operations when they belong to one service and may be called: then nothing need be read. */
const singleService = (found: readonly (Operation | undefined)[], { actor }: Incoming): Whole | undefined => {
  const [first] = found
  if (first === undefined) return undefined
  const contracts: ProcedureContract[] = []
  for (const operation of found) {
    if (operation?.service !== first.service || !isOpen(operation, actor)) return undefined
    contracts.push(operation.contract)
  }
  return { first, contracts }
}

const isOpen = (operation: Operation | undefined, actor: Actor): operation is Operation =>
  operation !== undefined && refusal(operation, actor) === undefined

/** The request is over when its last line has been told: much of the work comes after the first. */
const inLines = (c: Context<EdgeEnv>, response: Response): Response => {
  const telling = untilTold(response, c.get('deadlineAt'))
  c.set('told', telling.told)
  return telling.response
}

interface Whole {
  readonly first: Operation
  readonly contracts: readonly ProcedureContract[]
}

const passThrough = (
  upstream: Upstream,
  incoming: Incoming,
  { first, contracts }: Whole,
): Promise<Response> =>
  upstream.send({
    service: first.service,
    // Written anew: these are the names that were judged, however the client has spelt them.
    path: `/trpc/${incoming.paths.join(',')}${incoming.search}`,
    method: incoming.method,
    actor: incoming.actor,
    headers: { ...incoming.headers, ...networkHeader(incoming.client, contracts) },
    body: incoming.body,
    deadlineAt: incoming.deadlineAt,
    signal: incoming.signal,
    streams: first.contract.kind === 'subscription',
    lines: incoming.isStream,
  })

const headersOf = (given: Headers): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const name of forwarded) {
    const value = given.get(name)
    if (value !== null) headers[name] = value
  }
  return headers
}
