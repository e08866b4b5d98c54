/** Every call to a third party goes through here: bounded in time, traced, and a place where a process may die. */
import { trace, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { crashPoint } from './crash-points.ts'
import { currentScope } from './scope.ts'

export interface OutboundCall {
  /** Whom we call, as spans and crash points name it: `stripe`, `resend`. */
  readonly peer: string
  /** What we ask for, such as `capture`. */
  readonly operation: string
  readonly timeoutMs: number
}

/**
 * Calls a provider. The signal aborts after `timeoutMs`, or earlier when the current request's deadline passes; what
 * the provider did by then is unknown to the caller.
 */
export const outbound = <T>(call: OutboundCall, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const name = `${call.peer}.${call.operation}`
  return trace.getTracer('comptoir').startActiveSpan(name, { kind: SpanKind.CLIENT }, async (span) => {
    // A timer of its own, because nothing else would keep a mere `AbortSignal.timeout` alive until it fires.
    const bound = new AbortController()
    const timer = setTimeout(() => bound.abort(timedOut(name)), boundedBy(call.timeoutMs))
    try {
      crashPoint('before-call', name)
      const result = await work(bound.signal)
      crashPoint('after-call', name)
      return result
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      clearTimeout(timer)
      span.end()
    }
  })
}

const timedOut = (name: string): Error => new DOMException(`${name} took too long`, 'TimeoutError')

const boundedBy = (timeoutMs: number): number => {
  const deadlineAt = currentScope()?.deadlineAt
  return deadlineAt === undefined
    ? timeoutMs
    : Math.max(1, Math.min(timeoutMs, deadlineAt - performance.now()))
}
