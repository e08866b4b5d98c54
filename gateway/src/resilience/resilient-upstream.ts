/**
 * The way to the services with its safeguards: a bound on the wait, a breaker and a hold for each service, and one
 * repetition of what may be repeated. Nothing repeats on top of it.
 */
import type { Priority } from '@comptoir/contracts/contract'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { isFailure } from '@comptoir/service-kit/is-failure'
import { createRetryBudget, type RetryBudget } from '@comptoir/service-kit/retry-budget'
import { namesIn, type Asked } from '../protection/asked.ts'
import type { Limits } from '../protection/limits.ts'
import { untilTold } from '../protection/until-told.ts'
import type { Fault, Upstream, UpstreamRequest } from '../upstream.ts'
import { createBreaker, type Breaker, type BreakerState, type Outcome } from './breaker.ts'
import { createBulkhead, type Bulkhead } from './bulkhead.ts'

export interface ResilienceOptions {
  /** What the names of a tRPC request ask for. */
  readonly askedByNames: (names: string) => Asked
  readonly limits: () => Limits
  readonly now?: () => number
  /** Told when a service is given up, tried, or trusted again. */
  readonly onBreaker?: (service: string, state: BreakerState) => void
  /** Waits before a repetition. */
  readonly pause?: (ms: number) => Promise<void>
}

export interface Safeguards {
  readonly breaker: Breaker
  readonly bulkhead: Bulkhead
  readonly budget: RetryBudget
}

export interface ResilientUpstream extends Upstream {
  /** By service, for whoever watches. */
  readonly safeguards: ReadonlyMap<string, Safeguards>
}

const leftMinMs = 20

export const resilient = (upstream: Upstream, options: ResilienceOptions): ResilientUpstream => {
  const { askedByNames, limits, now = () => performance.now(), pause = Bun.sleep } = options
  const safeguards = new Map<string, Safeguards>()
  const guarding = (service: string): Safeguards => {
    const known = safeguards.get(service)
    if (known !== undefined) return known
    const made = {
      breaker: createBreaker(now, (state) => options.onBreaker?.(service, state)),
      bulkhead: createBulkhead(() => limits().callsPerService),
      budget: createRetryBudget(now),
    }
    safeguards.set(service, made)
    return made
  }
  const send = async (guards: Safeguards, request: UpstreamRequest): Promise<Response> => {
    guards.budget.called()
    const first = await attempt(upstream, guards.breaker, request)
    if (!isRepeatable(request, first) || !guards.budget.take()) return settled(first)
    await pause(20 + Math.random() * 40)
    if (request.signal.aborted || request.deadlineAt - performance.now() < leftMinMs) return settled(first)
    const elsewhere = first.response !== undefined
    const second = await attempt(upstream, guards.breaker, { ...request, elsewhere })
    // Where nobody else was there to ask, the first answer is the better one.
    if (second.response === undefined) return settled(first)
    await first.response?.body?.cancel()
    return second.response
  }
  return {
    safeguards,
    send: async (request) => {
      const guards = guarding(request.service)
      const { priority, timeoutMs } = askedByNames(namesIn(request.path))
      const deadlineAt = Math.min(request.deadlineAt, performance.now() + timeoutMs)
      const bounded = { ...request, deadlineAt, tried: [] }
      return within(guards.bulkhead, { priority, request: bounded }, () => send(guards, bounded))
    },
  }
}

const within = async (
  bulkhead: Bulkhead,
  { priority, request }: { priority: Priority; request: UpstreamRequest },
  work: () => Promise<Response>,
): Promise<Response> => {
  if (!bulkhead.enter(priority)) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  const leave = () => bulkhead.leave(priority)
  let goesOn = false
  try {
    const response = await work()
    if (request.lines !== true) return response
    const telling = untilTold(response, request.deadlineAt)
    goesOn = true
    void telling.told.then(leave)
    return telling.response
  } finally {
    if (!goesOn) leave()
  }
}

/** What came of an attempt: an answer of whatever kind, or what was thrown instead. */
interface Attempted {
  readonly response?: Response
  readonly error?: unknown
}

const settled = ({ response, error }: Attempted): Response => {
  if (response === undefined) throw error
  return response
}

const attempt = async (
  upstream: Upstream,
  breaker: Breaker,
  request: UpstreamRequest,
): Promise<Attempted> => {
  const era = breaker.enter()
  if (era === undefined) {
    const retryAfterSeconds = Math.max(1, Math.ceil(breaker.opensInMs() / 1_000))
    return { error: commonError('UNAVAILABLE', { retryAfterSeconds }) }
  }
  let outcome: Outcome = 'void'
  const fault: Fault = { ofInstance: false }
  try {
    const response = await upstream.send({ ...request, fault })
    outcome = isFailure(response) ? 'failed' : 'succeeded'
    return { response }
  } catch (error) {
    if (!request.signal.aborted && isUnanswered(error)) outcome = 'failed'
    return { error }
  } finally {
    breaker.leave(era, fault.ofInstance ? 'void' : outcome)
  }
}

/** Nobody answered what was sent. Where nothing was sent there is no cause: no instance, or no time. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof ServiceError && error.status >= 503 && error.cause !== undefined

/**
 * A read that was not answered, other than for want of time, or that an instance has no capacity for. A write only where
 * the instance says that it has not begun it, and where its key would tell a second one. Connections that are refused
 * have been tried elsewhere already.
 */
const isRepeatable = (request: UpstreamRequest, { response, error }: Attempted): boolean => {
  const isRead = request.method === 'GET'
  if (response === undefined)
    return isRead && isUnanswered(error) && error instanceof ServiceError && error.code === 'UNAVAILABLE'
  if (response.status !== 503 || !isFailure(response)) return false
  return isRead || (response.headers.has('retry-after') && 'idempotency-key' in request.headers)
}
