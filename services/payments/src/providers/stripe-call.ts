import { outbound } from '@comptoir/service-kit/outbound'
import { ProviderRefused, ProviderSilent } from './provider.ts'

interface StripeCall {
  readonly operation: string
  readonly timeoutMs: number
}

/** Calls Stripe and says whether a failure was a refusal or silence. */
export const callStripe = async <T>(call: StripeCall, work: () => Promise<T>): Promise<T> => {
  try {
    return await outbound({ peer: 'stripe', ...call }, (signal) => within(signal, work()))
  } catch (error) {
    throw meaningOf(error)
  }
}

/** The SDK knows no signals; what it answers after the time is over is heard by the next question. */
const within = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new ProviderSilent('timeout', false))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, late])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

// These say that the request was understood; all others (401, 403, 409, 429, 5xx, none) may go differently next time.
const refusals = new Set([400, 402, 404])

const meaningOf = (error: unknown): unknown => {
  if (!isStripeError(error)) return error
  const code = error.code ?? error.type
  if (error.statusCode !== undefined && refusals.has(error.statusCode)) return new ProviderRefused(code)
  return new ProviderSilent(code, error.headers?.['idempotent-replayed'] === 'true')
}

interface StripeFailure {
  readonly type: string
  readonly code?: string
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, string>>
}

// By shape, because the class would load the SDK before its first use.
const isStripeError = (error: unknown): error is StripeFailure =>
  error instanceof Error && 'type' in error && 'requestId' in error && 'statusCode' in error
