/** The way to the instances of a service: one is picked for each call, and another where it does not take it. */
import { commonError } from '@comptoir/contracts/errors'
import { context, propagation } from '@opentelemetry/api'
import type { IssueToken } from './actor-token.ts'
import type { Target } from './discovery.ts'
import { isFailure } from './is-failure.ts'
import { MisdirectedError, unlessMisdirected } from './misdirected.ts'
import { createRetryBudget } from './retry-budget.ts'
import { currentScope } from './scope.ts'
import type { Asking, Way } from './way.ts'

export interface Hop {
  /** The calling service. */
  readonly self: string
  readonly issueToken: IssueToken
  /** Finds an instance; undefined when none is known. */
  pick(service: string): Target | undefined
}

const triesMax = 3

/**
 * Makes a way. A connection that was refused was never a request: another instance is asked, three at most. A read that broke
 * off is repeated once, as far as a budget allows, and not where whoever asked us repeats the whole anyway.
 */
export const wayToInstances = (hop: Hop): Way => {
  const budget = createRetryBudget()
  return async (asking, read) => {
    budget.called()
    let mayRepeat = asking.method === 'GET' && currentScope()?.isRepeated !== true
    for (let tries = 1; ; tries += 1) {
      const target = hop.pick(asking.service)
      if (target === undefined)
        throw commonError('UNAVAILABLE', { cause: new Error(`No instance of ${asking.service}`) })
      try {
        return await read(await send(hop, target, asking))
      } catch (error) {
        if (!isRefused(error) && !isBroken(error)) throw error
        target.failed()
        const again = isRefused(error) || (mayRepeat && budget.take())
        if (isBroken(error)) mayRepeat = false
        if (!again || tries === triesMax) throw commonError('UNAVAILABLE', { cause: error })
      } finally {
        target.release()
      }
    }
  }
}

const send = async (hop: Hop, target: Target, asking: Asking): Promise<Response> => {
  const { service, path, method, timeoutMs, body } = asking
  const actor = asking.actor ?? currentScope()?.actor ?? { kind: 'service', id: hop.self, scopes: [] }
  const headers: Record<string, string> = {
    ...asking.headers,
    authorization: `Bearer ${await hop.issueToken(actor, service)}`,
    'x-deadline-ms': String(timeoutMs),
  }
  propagation.inject(context.active(), headers)
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const request = { method, headers, signal, redirect: 'manual', body: body ?? null } as const
    const response = unlessMisdirected(await fetch(`${target.url}${path}`, request))
    target.answered(!isFailure(response))
    return response
  } catch (cause) {
    if (isRefused(cause) || isBroken(cause)) throw cause
    target.answered(false)
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
export const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
