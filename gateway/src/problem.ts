/** Problem documents (RFC 9457), the one way in which the REST façade says that something went wrong. */
import { freshSeconds } from '@comptoir/contracts/access'
import { commonError, problemOf, ServiceError, type Problem } from '@comptoir/contracts/errors'

/** The error that a thrown value stands for; what nobody foresaw becomes INTERNAL. */
export const asServiceError = (thrown: unknown): ServiceError =>
  thrown instanceof ServiceError ? thrown : commonError('INTERNAL', { cause: thrown })

/** The problem document of an error as this request gets it. */
export const problemFor = (error: ServiceError, requestId: string, instance: string): Problem => ({
  ...problemOf(error),
  instance,
  requestId,
})

/** Answers a problem document with the headers that belong to its status. */
export const answerProblem = (problem: Problem, retryAfter?: string | number | null): Response => {
  const headers = { 'content-type': 'application/problem+json', ...refusalHeaders(problem, retryAfter) }
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

/** What a refusal says beside its body, on whatever face. */
export const refusalHeaders = (
  { status, code }: Pick<Problem, 'status' | 'code'>,
  retryAfter?: string | number | null,
): Record<string, string> => ({
  ...(status === 401 ? { 'www-authenticate': challengeOf(code) } : {}),
  ...(retryAfter == null ? {} : { 'retry-after': String(retryAfter) }),
})

/** What an answer of 401 asks for (RFC 6750, 3; RFC 9470, 3). */
export const challengeOf = (code: string): string =>
  code === 'REAUTHENTICATION_REQUIRED'
    ? `Bearer error="insufficient_user_authentication", max_age="${freshSeconds}"`
    : 'Bearer'
