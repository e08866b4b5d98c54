/** The typed client of another service: a thin fetch on tRPC's own wire format. */
import type { Actor } from '@comptoir/contracts/access'
import {
  timeoutMsOf,
  type Contract,
  type OutputOf,
  type ProcedureContract,
} from '@comptoir/contracts/contract'
import { commonError, commonErrors, Problem, ServiceError } from '@comptoir/contracts/errors'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { z } from 'zod'
import type { IssueToken } from './actor-token.ts'
import type { Target } from './discovery.ts'
import { MisdirectedError, unlessMisdirected } from './misdirected.ts'
import { currentScope } from './scope.ts'

export interface CallOptions {
  /** On whose behalf; the current call's actor unless told, or the service itself where there is none. */
  readonly actor?: Actor
  readonly idempotencyKey?: string
  /** The hash of the network that asks; a service believes it of the edge alone. */
  readonly network?: string | undefined
  /** At most; a nearer deadline of the current call wins. What the contract says unless told. */
  readonly timeoutMs?: number
}

/** A function for each query and mutation of a contract. Throws ServiceError with the contract's code. */
export type Client<C extends Contract> = {
  readonly [K in keyof C as C[K] extends { kind: 'subscription' } ? never : K]: (
    input: z.input<C[K]['input']>,
    options?: CallOptions,
  ) => Promise<OutputOf<C[K]>>
}

export interface Hop {
  /** The calling service. */
  readonly self: string
  readonly issueToken: IssueToken
  /** Finds an instance; undefined when none is known. */
  pick(service: string): Target | undefined
}

/** Makes the client of a service. */
export const createClient = <C extends Contract>(hop: Hop, service: string, contract: C): Client<C> => {
  const calls = Object.entries(contract)
    .filter(([, declaration]) => declaration.kind !== 'subscription')
    .map(([name, declaration]) => [
      name,
      (input: unknown, options: CallOptions = {}) =>
        call(hop, { service, name, declaration, input, options }),
    ])
  // Object.fromEntries forgets the keys; they are those of the contract by construction.
  return Object.fromEntries(calls) as Client<C>
}

interface Outgoing {
  readonly service: string
  readonly name: string
  readonly declaration: ProcedureContract
  readonly input: unknown
  readonly options: CallOptions
}

const call = (hop: Hop, outgoing: Outgoing): Promise<unknown> => {
  const path = `${outgoing.service}.${outgoing.name}`
  return trace.getTracer('comptoir').startActiveSpan(path, { kind: SpanKind.CLIENT }, async (span) => {
    try {
      return await attempt(hop, outgoing, path)
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status >= 500)
        span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** A connection that was refused was never a request, and a read may be asked twice: another instance may have it. */
const attempt = async (hop: Hop, outgoing: Outgoing, path: string): Promise<unknown> => {
  for (let attempts = 1; ; attempts += 1) {
    const target = hop.pick(outgoing.service)
    if (target === undefined)
      throw commonError('UNAVAILABLE', { cause: new Error(`No instance of ${outgoing.service}`) })
    try {
      return await send(hop, outgoing, `${target.url}/trpc/${path}`)
    } catch (error) {
      if (!isRefused(error) && !isBroken(error)) throw error
      target.failed()
      const again = isRefused(error) || outgoing.declaration.kind === 'query'
      if (!again || attempts === 3) throw commonError('UNAVAILABLE', { cause: error })
    } finally {
      target.release()
    }
  }
}

const send = async (
  hop: Hop,
  { service, declaration, input, options }: Outgoing,
  url: string,
): Promise<unknown> => {
  const scope = currentScope()
  const actor = options.actor ?? scope?.actor ?? { kind: 'service', id: hop.self, scopes: [] }
  const timeoutMs = remaining(options.timeoutMs ?? timeoutMsOf(declaration), scope?.deadlineAt)
  const headers: Record<string, string> = {
    authorization: `Bearer ${await hop.issueToken(actor, service)}`,
    'x-deadline-ms': String(timeoutMs),
    ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
    ...(options.network === undefined ? {} : { 'x-network': options.network }),
  }
  propagation.inject(context.active(), headers)
  const request: RequestInit = { headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' }
  const json = JSON.stringify(input)
  const response =
    declaration.kind === 'query'
      ? await fetchOrThrow(`${url}?input=${encodeURIComponent(json)}`, request)
      : await fetchOrThrow(url, {
          ...request,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: json,
        })
  return unwrap(response, declaration)
}

const remaining = (timeoutMs: number, deadlineAt: number | undefined): number => {
  const ms =
    deadlineAt === undefined ? timeoutMs : Math.min(timeoutMs, Math.floor(deadlineAt - performance.now()))
  if (ms < 20) throw commonError('DEADLINE_EXCEEDED')
  return ms
}

const fetchOrThrow = async (url: string, request: RequestInit): Promise<Response> => {
  try {
    return unlessMisdirected(await fetch(url, request))
  } catch (cause) {
    if (isRefused(cause) || isBroken(cause)) throw cause
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
    throw commonError(timedOut ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE', { cause })
  }
}

/** Nobody took the connection, or somebody else did: whom it was for has never heard it. */
export const isRefused = (error: unknown): boolean =>
  error instanceof MisdirectedError ||
  (error instanceof Error &&
    'code' in error &&
    (error.code === 'ConnectionRefused' || error.code === 'ECONNREFUSED'))

/** The other side died, or closed, before it answered: whether it did what it was asked is not known. */
const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNRESET'

interface Wire {
  readonly result?: { readonly data?: unknown }
  readonly error?: { readonly data?: { readonly problem?: unknown } }
}

const unwrap = async (response: Response, declaration: ProcedureContract): Promise<unknown> => {
  const body = await readJson(response)
  if (body.result !== undefined) return body.result.data
  throw remoteError(body.error?.data?.problem, declaration, response.headers.get('retry-after'))
}

const readJson = async (response: Response): Promise<Wire> => {
  try {
    // The output was validated where it was made.
    return (await response.json()) as Wire
  } catch (cause) {
    if (isBroken(cause)) throw cause
    throw commonError('UNAVAILABLE', { cause })
  }
}

/**
 * Turns the other side's problem, and its Retry-After in seconds, into the error a local procedure would have thrown. An
 * undeclared one is a bug there.
 */
export const remoteError = (
  given: unknown,
  declaration: ProcedureContract,
  retryAfter: string | null = null,
): ServiceError => {
  const problem = Problem.safeParse(given)
  if (!problem.success) return commonError('UNAVAILABLE', { cause: problem.error })
  const { code, status, detail, data, errors } = problem.data
  if (Object.hasOwn(commonErrors, code) || Object.hasOwn(declaration.errors ?? {}, code)) {
    return new ServiceError(code, {
      status,
      message: detail,
      data,
      ...(errors === undefined ? {} : { fields: errors }),
      ...(retryAfter === null ? {} : { retryAfterSeconds: Number(retryAfter) }),
    })
  }
  return commonError('INTERNAL', { cause: new Error(`Undeclared error ${code}`) })
}
