// A client that goes on trying with the same Idempotency-Key, as every real client has to.
import type { CallOptions, Shop } from '@comptoir/dev/demo/shop'
import { TRPCClientError } from '@trpc/client'
import { until } from './until.ts'

/** These say that the same request may be tried again. */
const transient = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'REQUEST_TIMEOUT',
  'RATE_LIMITED',
  'IDEMPOTENCY_IN_FLIGHT',
  'PROVIDER_UNAVAILABLE',
  'CARRIER_UNAVAILABLE',
])

/** The shop with retries of what failed in passing; every other refusal is thrown at once. An INTERNAL is a bug. */
export const patientShop = (shop: Shop, withinMs = 60_000): Shop => {
  return async (service, procedure, input, options: CallOptions = {}) => {
    const kept = { idempotencyKey: crypto.randomUUID(), ...options }
    const outcome = await until(
      `${service}.${procedure} answers`,
      async () => {
        try {
          return { answer: await shop(service, procedure, input, kept) }
        } catch (error) {
          if (mayPass(error)) throw error
          return { refusal: error }
        }
      },
      withinMs,
    )
    if ('answer' in outcome) return outcome.answer
    throw refused(`${service}.${procedure}`, outcome.refusal)
  }
}

const refused = (path: string, refusal: unknown): Error => {
  const shown = refusal instanceof TRPCClientError ? JSON.stringify(refusal.data) : String(refusal)
  return new Error(`${path} was refused: ${shown}`, { cause: refusal })
}

/** The contract's code of an error of the shop; undefined where no answer came. */
const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof TRPCClientError)) return undefined
  const data: unknown = error.data
  return typeof data === 'object' && data !== null && 'code' in data ? String(data.code) : undefined
}

const mayPass = (error: unknown): boolean => {
  const code = codeOf(error)
  return code === undefined ? error instanceof TRPCClientError : transient.has(code)
}
