/** The way from the gateway to a service: an instance, a token that tells who asks, a deadline and the trace. */
import type { Actor } from '@comptoir/contracts/access'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import type { IssueToken } from '@comptoir/service-kit/actor-token'
import { isFailure } from '@comptoir/service-kit/is-failure'
import { isRefused } from '@comptoir/service-kit/way-to-instances'
import type { Target } from '@comptoir/service-kit/discovery'
import { unlessMisdirected } from '@comptoir/service-kit/misdirected'
import { context, propagation } from '@opentelemetry/api'
import type { KeptAnswers } from './kept-answers.ts'

export interface Upstream {
  /** Sends a request to a service. The answer is the service’s own; UNAVAILABLE or DEADLINE_EXCEEDED when there is none. */
  send(request: UpstreamRequest): Promise<Response>
}

export interface UpstreamRequest {
  readonly service: string
  /** Path and query below the service’s address. */
  readonly path: string
  readonly method: string
  readonly actor: Actor
  readonly headers: Record<string, string>
  readonly body?: BodyInit | undefined
  readonly deadlineAt: number
  /** Aborts when the client has left. */
  readonly signal: AbortSignal
  /** A stream has no deadline once it has begun. */
  readonly streams?: boolean
  /** The answer begins before the work for it is done: a batch that is told line by line. */
  readonly lines?: boolean
  /** Addresses of instances that were asked; one more is added for each that is. Others are asked before them. */
  readonly tried?: string[]
  /** Rather nobody than an instance that was tried. */
  readonly elsewhere?: boolean
  /** Is told whose a failure is. */
  readonly fault?: Fault
}

/** Whether a failure is that of an instance which is ejected while others serve: it tells nothing of the service. */
export interface Fault {
  ofInstance: boolean
}

export interface UpstreamOptions {
  readonly issueToken: IssueToken
  pick(service: string): Target | undefined
}

const triesMax = 3
/** Instances are drawn at random: an untried one is found by drawing again. */
const drawsMax = 6
/** Bun takes a request line and headers of 16 KiB in all; a token, a trace and their like are among them. */
const headMaxCharacters = 12_000

export const createUpstream = (options: UpstreamOptions): Upstream => ({
  send: async (request) => {
    refuseLong(request)
    for (let tries = 1; ; tries += 1) {
      const target = choose(options, request)
      if (target === undefined) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
      request.tried?.push(target.url)
      try {
        const response = await forward(options, target, request)
        judge(target, request, !isFailure(response))
        return response
      } catch (error) {
        // A refused connection was never a request, nor was one that somebody else took: another instance may have it.
        if (!isRefused(error)) {
          if (wasAsked(error, request)) judge(target, request, false)
          throw unanswered(error)
        }
        target.failed()
        if (tries === triesMax) throw commonError('UNAVAILABLE', { cause: error, retryAfterSeconds: 1 })
      } finally {
        target.release()
      }
    }
  },
})

const judge = (target: Target, { fault }: UpstreamRequest, well: boolean): void => {
  const isInstances = target.answered(well)
  if (fault !== undefined) fault.ofInstance = isInstances
}

/** Whether the instance was asked, and it was not the client who ended that. An error of ours without a cause was before. */
const wasAsked = (error: unknown, { signal }: UpstreamRequest): boolean =>
  !signal.aborted && !(error instanceof ServiceError && error.cause === undefined)

/** An instance that was not tried yet, where there seems to be one. */
const choose = (options: UpstreamOptions, request: UpstreamRequest): Target | undefined => {
  const { service, tried, elsewhere = false } = request
  const first = options.pick(service)
  if (first === undefined || tried === undefined || !tried.includes(first.url)) return first
  for (let draws = 1; draws < drawsMax; draws += 1) {
    const other = options.pick(service)
    if (other !== undefined && !tried.includes(other.url)) {
      first.release()
      return other
    }
    other?.release()
  }
  if (!elsewhere) return first
  first.release()
  return undefined
}

/** Forgets what a service has said once it may have been written to, so that whoever writes reads what they wrote. */
export const forgetful = (upstream: Upstream, kept: Pick<KeptAnswers, 'forget'>): Upstream => ({
  send: async (request) => {
    if (request.method === 'GET') return upstream.send(request)
    let mayHaveWritten = true
    try {
      return await upstream.send(request)
    } catch (error) {
      // Without a cause nobody was there to be asked.
      if (error instanceof ServiceError && error.cause === undefined) mayHaveWritten = false
      throw error
    } finally {
      if (mayHaveWritten) kept.forget(request.service)
    }
  },
})

const forward = async (
  options: UpstreamOptions,
  target: Target,
  request: UpstreamRequest,
): Promise<Response> => {
  const leftMs = Math.floor(request.deadlineAt - performance.now())
  if (leftMs < 20) throw commonError('DEADLINE_EXCEEDED')
  const headers: Record<string, string> = {
    ...request.headers,
    authorization: `Bearer ${await options.issueToken(request.actor, request.service)}`,
    'x-deadline-ms': String(leftMs),
  }
  propagation.inject(context.active(), headers)
  const ask = (signal: AbortSignal) =>
    fetch(`${target.url}${request.path}`, {
      method: request.method,
      headers,
      redirect: 'manual',
      decompress: false,
      signal: AbortSignal.any([request.signal, signal]),
      body: request.body ?? null,
    })
  const response = await (request.streams === true
    ? begunWithin(leftMs, ask)
    : ask(AbortSignal.timeout(leftMs)))
  return unlessNonsense(unlessMisdirected(response))
}

/** A success of another kind than services have says only that something else stands where the service should be. */
const unlessNonsense = (response: Response): Response => {
  const type = response.headers.get('content-type') ?? 'nothing'
  if (!response.ok || type.startsWith('application/json') || type.startsWith('text/event-stream'))
    return response
  void response.body?.cancel()
  throw commonError('UNAVAILABLE', { cause: new Error(`The service answered with ${type}`) })
}

/** Gives up where nothing has begun after `ms`; what has begun goes on for as long as it likes. */
const begunWithin = async (
  ms: number,
  begin: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> => {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new DOMException('Nothing has begun', 'TimeoutError')), ms)
  try {
    return await begin(late.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Text grows on its way into an address: what fitted into the client's request need not fit into ours. */
const refuseLong = ({ path, headers }: UpstreamRequest): void => {
  const characters = Object.values(headers).reduce((sum, value) => sum + value.length, path.length)
  if (characters > headMaxCharacters)
    throw commonError('MALFORMED_REQUEST', { message: 'The query and the headers are too long.' })
}

/** What it means that an answer did not come, or broke off. */
export const unanswered = (error: unknown): unknown => {
  if (!(error instanceof Error) || error.name === 'ServiceError') return error
  return commonError(error.name === 'TimeoutError' ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE', { cause: error })
}
