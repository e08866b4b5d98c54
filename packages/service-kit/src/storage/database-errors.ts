/** What a database error means to a caller, and whether trying again can help. */
import { commonError, ServiceError } from '@comptoir/contracts/errors'

/** SQLSTATE or driver code of an error or of what caused it; undefined where no database was involved. */
export const databaseCode = (error: unknown): string | undefined => {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && !(cause instanceof ServiceError))
      return cause.code
  }
  return undefined
}

/** Serialisation failure and deadlock: nothing was done, and the same transaction may well succeed now. */
export const isRetryable = (error: unknown): boolean => {
  const code = databaseCode(error)
  return code === '40001' || code === '40P01'
}

/** A lock was not granted in time. */
export const isLockTimeout = (error: unknown): boolean => databaseCode(error) === '55P03'

const unreachable = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  '53300', // too many connections
  '55P03', // lock timeout
  '57014', // statement timeout
  '57P01', // terminated by an administrator or a shutdown
  '57P02', // crash of another backend
  '57P03', // starting up or shutting down
  '25P03', // idle in transaction for too long
])

/** The server cannot be reached or had no time; nothing is wrong with the request. */
export const isUnreachable = (error: unknown): boolean => unreachable.has(databaseCode(error) ?? '')

/**
 * The ServiceError an error stands for: itself, one that the query builder has wrapped, or UNAVAILABLE for a database
 * that cannot answer. Undefined for anything else, which is a bug.
 */
export const serviceErrorOf = (error: unknown): ServiceError | undefined => {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof ServiceError) return cause
  }
  return isUnreachable(error) ? commonError('UNAVAILABLE', { cause: error }) : undefined
}
