/** What the transport knows of a request: who asks, through whom, until when and under which Idempotency-Key. */
import type { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { VerifiedCall } from '../actor-token.ts'
import { asTrpcError } from './error-shape.ts'

export interface RequestFacts {
  readonly actor: Actor
  /** The service that sent the request. */
  readonly caller: string
  readonly idempotencyKey: string | undefined
  /** The hash of the network that asks, by the edge's word and nobody else's. */
  readonly network: string | undefined
  /** `performance.now()` at which the caller stops waiting. */
  readonly deadlineAt: number | undefined
  /** Headers the answer is to have besides the usual. */
  readonly responseHeaders: Headers
}

/** Reads the facts of a request; a missing or wrong actor token answers UNAUTHENTICATED. */
export const readRequestFacts = async (
  request: Request,
  verify: (token: string) => Promise<VerifiedCall>,
): Promise<RequestFacts> => {
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme !== 'Bearer' || token === undefined) throw asTrpcError(commonError('UNAUTHENTICATED'))
  const { actor, caller } = await verify(token).catch((error: unknown) => {
    throw asTrpcError(error)
  })
  const deadlineMs = Number(request.headers.get('x-deadline-ms') ?? Number.NaN)
  if (deadlineMs < 20) throw asTrpcError(commonError('DEADLINE_EXCEEDED'))
  return {
    actor,
    caller,
    idempotencyKey: request.headers.get('idempotency-key') ?? undefined,
    network: caller === 'gateway' ? networkIn(request.headers) : undefined,
    deadlineAt: Number.isFinite(deadlineMs) ? performance.now() + deadlineMs : undefined,
    responseHeaders: new Headers(),
  }
}

/** A SHA-256, as the edge writes it. */
const networkIn = (headers: Headers): string | undefined => {
  const told = headers.get('x-network')
  return told !== null && /^[0-9a-f]{64}$/.test(told) ? told : undefined
}
