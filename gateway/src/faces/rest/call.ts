/** One call to a service for a request whose input has been read, and what it means where it fails. */
import { commonError, Problem } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import type { Operation } from '../../operations.ts'
import { answerProblem } from '../../problem.ts'
import { networkHeader } from '../../protection/network-header.ts'
import type { Upstream } from '../../upstream.ts'

export const sendCall = (
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
    actor: c.get('actor'),
    headers: {
      'content-type': 'application/json',
      ...(streams ? { accept: 'text/event-stream' } : {}),
      ...passed(c, 'idempotency-key'),
      ...passed(c, 'last-event-id'),
      ...networkHeader(c.get('client'), [operation.contract]),
    },
    body: isWrite ? json : undefined,
    deadlineAt: c.get('deadlineAt'),
    signal: c.req.raw.signal,
    streams,
  })
}

const passed = (c: Context<EdgeEnv>, name: string): Record<string, string> => {
  const value = c.req.header(name)
  return value === undefined ? {} : { [name]: value }
}

/** The service’s problem, as this request is told of it. */
export const failedCall = (c: Context<EdgeEnv>, text: string, response: Response): Response => {
  const problem = Problem.safeParse(problemIn(text))
  if (!problem.success) throw commonError('UNAVAILABLE', { cause: problem.error, retryAfterSeconds: 1 })
  const told = { ...problem.data, instance: c.req.path, requestId: c.get('requestId') }
  return answerProblem(told, response.headers.get('retry-after'))
}

const problemIn = (text: string): unknown => {
  try {
    return (JSON.parse(text) as { error?: { data?: { problem?: unknown } } }).error?.data?.problem
  } catch {
    return undefined
  }
}
