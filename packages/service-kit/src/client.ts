/** The typed client of another service: a thin fetch on tRPC's own wire format. */
import type { Actor } from '@comptoir/contracts/access'
import {
  timeoutMsOf,
  type Contract,
  type OutputOf,
  type ProcedureContract,
} from '@comptoir/contracts/contract'
import { commonError, commonErrors, Problem, ServiceError } from '@comptoir/contracts/errors'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { z } from 'zod'
import { currentScope } from './scope.ts'
import type { Asking, Way } from './way.ts'
import { isBroken, wayToInstances, type Hop } from './way-to-instances.ts'

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

/** Makes the client of a service, which picks an instance for each call. */
export const createClient = <C extends Contract>(hop: Hop, service: string, contract: C): Client<C> =>
  createClientOver(wayToInstances(hop), service, contract)

/** Makes the client of a service that is reached by this way. */
export const createClientOver = <C extends Contract>(way: Way, service: string, contract: C): Client<C> => {
  const calls = Object.entries(contract)
    .filter(([, declaration]) => declaration.kind !== 'subscription')
    .map(([name, declaration]) => [
      name,
      (input: unknown, options: CallOptions = {}) =>
        call(way, { service, name, declaration, input, options }),
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

const call = (way: Way, outgoing: Outgoing): Promise<unknown> => {
  const path = `${outgoing.service}.${outgoing.name}`
  return trace.getTracer('comptoir').startActiveSpan(path, { kind: SpanKind.CLIENT }, async (span) => {
    try {
      return await way(askingOf(outgoing, path), (response) => unwrap(response, outgoing.declaration))
    } catch (thrown) {
      const error = isBroken(thrown) ? commonError('UNAVAILABLE', { cause: thrown }) : thrown
      if (!(error instanceof ServiceError) || error.status >= 500)
        span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

const askingOf = ({ service, declaration, input, options }: Outgoing, path: string): Asking => {
  const { actor, idempotencyKey, network } = options
  const headers = {
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(network === undefined ? {} : { 'x-network': network }),
  }
  const timeoutMs = remaining(options.timeoutMs ?? timeoutMsOf(declaration), currentScope()?.deadlineAt)
  const json = JSON.stringify(input)
  const asking = { service, actor, timeoutMs }
  return declaration.kind === 'query'
    ? { ...asking, method: 'GET', path: `/trpc/${path}?input=${encodeURIComponent(json)}`, headers }
    : {
        ...asking,
        method: 'POST',
        path: `/trpc/${path}`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: json,
      }
}

const remaining = (timeoutMs: number, deadlineAt: number | undefined): number => {
  const ms =
    deadlineAt === undefined ? timeoutMs : Math.min(timeoutMs, Math.floor(deadlineAt - performance.now()))
  if (ms < 20) throw commonError('DEADLINE_EXCEEDED')
  return ms
}

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
