/** A batch over several services: one batch to each, and the answers joined in the order of the calls. */
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { refusal, type Operation } from '../../operations.ts'
import { asServiceError } from '../../problem.ts'
import { networkHeader } from '../../protection/network-header.ts'
import { unanswered, type Upstream } from '../../upstream.ts'
import { errorHeadersOf } from './answer.ts'
import type { Incoming } from './incoming.ts'
import { answerByLines, answerTogether, failedAnswer, type Answer } from './joined.ts'

interface Call {
  readonly index: number
  readonly path: string
  readonly operation: Operation
}

/**
 * Sends each service its part. A call that nobody may make, or whose service does not answer, fails alone. Where the
 * answers are told as they arrive each call is a part of its own, so that none waits for another.
 */
export const splitBatch = async (
  upstream: Upstream,
  incoming: Incoming,
  found: readonly (Operation | undefined)[],
): Promise<Response> => {
  const inputs = inputsOf(incoming)
  const judged = incoming.paths.map((path, index) => judge({ path, index }, found[index], incoming))
  const calls = judged.filter((item) => 'operation' in item)
  const refused = judged.filter((item) => 'envelope' in item)
  if (incoming.isStream) return streamed(upstream, incoming, { calls, refused, inputs })
  const parts = Object.values(Object.groupBy(calls, (call) => call.operation.service)).filter(
    (part) => part !== undefined,
  )
  const answers = await Promise.all(parts.map((part) => sendPart(upstream, incoming, { part, inputs })))
  return answerTogether([...refused, ...answers.flat()], incoming.isBatch)
}

interface Judged {
  readonly calls: readonly Call[]
  readonly refused: readonly Answer[]
  readonly inputs: Readonly<Record<string, unknown>>
}

const streamed = (upstream: Upstream, incoming: Incoming, { calls, refused, inputs }: Judged): Response => {
  const left = new AbortController()
  const heard = { ...incoming, signal: AbortSignal.any([incoming.signal, left.signal]) }
  return answerByLines({
    told: refused,
    coming: calls.map((call) => ({
      indexes: [call.index],
      answers: sendPart(upstream, heard, { part: [call], inputs }),
    })),
    onLeave: () => left.abort(),
  })
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
  return failedAnswer({ index, path }, error ?? commonError('NOT_FOUND'))
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
    const told = errorHeadersOf(response)
    return part.map(({ index }, position) => {
      const envelope: unknown = Array.isArray(envelopes) ? envelopes[position] : envelopes
      return { index, envelope, status: statusOf(envelope), headers: told }
    })
  } catch (thrown) {
    const error = asServiceError(unanswered(thrown))
    return part.map((call) => failedAnswer(call, error))
  }
}

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
