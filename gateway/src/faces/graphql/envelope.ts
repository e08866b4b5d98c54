/** What a service’s answer on tRPC’s wire says: data, or the error that it stands for. */
import { commonError, Problem, ServiceError } from '@comptoir/contracts/errors'

/** The data of one call’s envelope. Throws the service’s error; UNAVAILABLE where the service speaks nonsense. */
export const dataIn = (envelope: unknown): unknown => {
  if (typeof envelope === 'object' && envelope !== null && 'result' in envelope) {
    const { result } = envelope as { result: { data?: unknown } | null }
    return result?.data ?? null
  }
  throw errorIn((envelope as { error?: unknown } | null)?.error)
}

/** The error that tRPC’s error shape carries. */
export const errorIn = (shape: unknown): ServiceError => {
  const told = Problem.safeParse((shape as { data?: { problem?: unknown } } | undefined)?.data?.problem)
  if (!told.success) return commonError('UNAVAILABLE', { cause: told.error, retryAfterSeconds: 1 })
  const { code, status, detail: message, data, errors: fields } = told.data
  return new ServiceError(code, { status, message, data, ...(fields === undefined ? {} : { fields }) })
}

/** The parsed text; undefined where it is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
