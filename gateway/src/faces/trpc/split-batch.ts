/** A batch over several services: one batch to each, and the answers joined in the order of the calls. */
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { refusal, type Operation } from '../../operations.ts'
import { asServiceError } from '../../problem.ts'
import { networkHeader } from '../../protection/network-header.ts'
import type { Upstream } from '../../upstream.ts'
import { errorEnvelope } from './answer.ts'
import type { Incoming } from './incoming.ts'

interface Call {
  readonly index: number
  readonly path: string
  readonly operation: Operation
}

interface Answer {
  readonly index: number
  readonly envelope: unknown
  readonly status: number
}

/** Sends each service its part. A call that nobody may make, or whose service does not answer, fails alone. */
export const splitBatch = async (
  upstream: Upstream,
  incoming: Incoming,
  found: readonly (Operation | undefined)[],
): Promise<Response> => {
  const inputs = inputsOf(incoming)
  const judged = incoming.paths.map((path, index) => judge({ path, index }, found[index], incoming))
  const calls = judged.filter((item) => 'operation' in item)
  const refused = judged.filter((item) => 'envelope' in item)
  const parts = Object.values(Object.groupBy(calls, (call) => call.operation.service)).filter(
    (part) => part !== undefined,
  )
  const answers = await Promise.all(parts.map((part) => sendPart(upstream, incoming, { part, inputs })))
  const ordered = [...refused, ...answers.flat()].toSorted((a, b) => a.index - b.index)
  if (incoming.isStream) return asLines(ordered)
  const statuses = new Set(ordered.map((answer) => answer.status))
  const [only] = statuses
  const status = statuses.size === 1 ? (only ?? 200) : 207
  const envelopes = ordered.map((answer) => answer.envelope)
  return Response.json(incoming.isBatch ? envelopes : envelopes[0], { status })
}

/** tRPC's stream of a batch with every answer in its first line; the status is 200 whatever became of the calls. */
const asLines = (ordered: readonly Answer[]): Response => {
  const head = Object.fromEntries(ordered.map(({ index, envelope }) => [index, [[envelope]]]))
  return new Response(`${JSON.stringify(head)}\n`, { headers: { 'content-type': 'application/json' } })
}

const judge = (
  { path, index }: { path: string; index: number },
  operation: Operation | undefined,
  incoming: Incoming,
): Call | Answer => {
  const error =
    operation === undefined
      ? commonError('NOT_FOUND', { message: `There is no procedure ${path.slice(0, 100)}.` })
      : refusal(operation, incoming.actor)
  if (error === undefined && operation !== undefined) return { index, path, operation }
  const shown = error ?? commonError('NOT_FOUND')
  return { index, envelope: errorEnvelope(path, shown), status: shown.status }
}

const sendPart = async (
  upstream: Upstream,
  incoming: Incoming,
  { part, inputs }: { part: readonly Call[]; inputs: Readonly<Record<string, unknown>> },
): Promise<Answer[]> => {
  const [first] = part
  if (first === undefined) return []
  const own = JSON.stringify(Object.fromEntries(part.map((call, position) => [position, inputs[call.index]])))
  const paths = part.map((call) => call.path).join(',')
  const query = incoming.method === 'GET' ? `&input=${encodeURIComponent(own)}` : ''
  const { 'trpc-accept': _stream, accept: _accept, ...headers } = incoming.headers
  try {
    const response = await upstream.send({
      service: first.operation.service,
      path: `/trpc/${paths}?batch=1${query}`,
      method: incoming.method,
      actor: incoming.actor,
      headers: {
        ...headers,
        ...networkHeader(
          incoming.client,
          part.map(({ operation }) => operation.contract),
        ),
      },
      body: incoming.method === 'GET' ? undefined : own,
      deadlineAt: incoming.deadlineAt,
      signal: incoming.signal,
    })
    const envelopes: unknown = await response.json()
    return part.map((call, position) =>
      answerOf(call, Array.isArray(envelopes) ? envelopes[position] : envelopes),
    )
  } catch (error) {
    const shown = asServiceError(error)
    return part.map((call) => ({
      index: call.index,
      envelope: errorEnvelope(call.path, shown),
      status: shown.status,
    }))
  }
}

const answerOf = (call: Call, envelope: unknown): Answer => ({
  index: call.index,
  envelope,
  status: statusOf(envelope),
})

const statusOf = (envelope: unknown): number => {
  const { error } = envelope as { error?: { data?: { httpStatus?: number } } }
  return error === undefined ? 200 : (error.data?.httpStatus ?? 500)
}

const inputsOf = (incoming: Incoming): Record<string, unknown> => {
  const text = incoming.method === 'GET' ? incoming.input : new TextDecoder().decode(incoming.body)
  if (text === null || text === '') return {}
  const parsed = parseJson(text)
  if (parsed instanceof ServiceError) throw parsed
  const inputs = incoming.isBatch ? parsed : { 0: parsed }
  if (typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs)) return { ...inputs }
  throw commonError('MALFORMED_REQUEST', {
    message: 'The inputs of a batch are an object with a member for each call.',
  })
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return commonError('MALFORMED_REQUEST', { message: 'The input is not valid JSON.' })
  }
}
