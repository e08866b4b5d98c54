/** The one error that crosses a service boundary, and the problem document (RFC 9457) it becomes outside. */
import { z } from 'zod'

/** What a contract says of one error: the HTTP status it answers with and, where it carries facts, their schema. */
export interface ErrorDeclaration {
  readonly status: 400 | 401 | 402 | 403 | 404 | 409 | 410 | 412 | 422 | 429 | 503
  /** One sentence that is safe to show to anybody. */
  readonly message: string
  readonly data?: z.ZodType
}
export type ErrorDeclarations = Readonly<Record<string, ErrorDeclaration>>

/** One fault of an input: `pointer` is a JSON pointer (RFC 6901) to the field. */
export const FieldFault = z.object({ pointer: z.string(), message: z.string() })
export type FieldFault = z.infer<typeof FieldFault>

/** RFC 9457 problem details with our members: `code` is stable and the same on every face. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  instance: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(FieldFault).optional(),
  data: z.unknown().optional(),
})
export type Problem = z.infer<typeof Problem>

/** The errors any procedure may answer with, beside its own. */
export const commonErrors = {
  INVALID_INPUT: { status: 400, message: 'The input is not valid.' },
  MALFORMED_REQUEST: { status: 400, message: 'The request could not be read.' },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, message: 'This operation needs an Idempotency-Key.' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, message: 'An Idempotency-Key is 16 to 255 printable characters.' },
  UNAUTHENTICATED: { status: 401, message: 'A valid credential is needed.' },
  REAUTHENTICATION_REQUIRED: {
    status: 401,
    message: 'This needs a proof of who you are from the last ten minutes; prove it again.',
  },
  FORBIDDEN: { status: 403, message: 'This credential does not allow the operation.' },
  NOT_FOUND: { status: 404, message: 'There is nothing here.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This method is not supported here.' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request took too long.' },
  IDEMPOTENCY_IN_FLIGHT: {
    status: 409,
    message: 'The first request with this Idempotency-Key is still running.',
  },
  PRECONDITION_FAILED: { status: 412, message: 'Somebody else changed this meanwhile; read it again.' },
  BODY_TOO_LARGE: { status: 413, message: 'The body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'The body must be JSON.' },
  MISDIRECTED: { status: 421, message: 'This host is not served here.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, message: 'This Idempotency-Key was used with another request.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests; try again later.' },
  INTERNAL: { status: 500, message: 'Something went wrong on our side.' },
  UNAVAILABLE: { status: 503, message: 'The service is not available right now; try again.' },
  DEADLINE_EXCEEDED: { status: 504, message: 'The answer did not arrive in time.' },
} as const satisfies Record<string, { status: number; message: string }>
export type CommonErrorCode = keyof typeof commonErrors

/** What an error carries besides its code: `message` may be shown to anybody, `cause` is for operators only. */
export interface ErrorFacts {
  readonly status: number
  readonly message: string
  readonly data?: unknown
  readonly fields?: readonly FieldFault[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** The one error procedures throw. Anything else that is thrown becomes INTERNAL with nothing shown. */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number
  readonly data: unknown
  readonly fields: readonly FieldFault[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, facts: ErrorFacts) {
    super(facts.message, { cause: facts.cause })
    this.name = 'ServiceError'
    this.code = code
    this.status = facts.status
    this.data = facts.data
    this.fields = facts.fields
    this.retryAfterSeconds = facts.retryAfterSeconds
  }
}

/** Makes one of the common errors; `facts` may replace its message. */
export const commonError = (
  code: CommonErrorCode,
  facts: Partial<Omit<ErrorFacts, 'status'>> = {},
): ServiceError => new ServiceError(code, { ...commonErrors[code], ...facts })

type DataOf<D extends ErrorDeclaration> = D extends { data: infer S extends z.ZodType }
  ? [data: z.input<S>]
  : []

/** Makes an error that a contract declares: the code must be declared, and its data must fit. */
export const declaredError = <E extends ErrorDeclarations, K extends keyof E & string>(
  declarations: E,
  code: K,
  ...data: DataOf<E[K]>
): ServiceError => {
  const declaration: ErrorDeclaration | undefined = declarations[code]
  if (declaration === undefined) throw new Error(`The error ${code} is not declared`)
  const [carried]: readonly unknown[] = data
  return new ServiceError(code, { status: declaration.status, message: declaration.message, data: carried })
}

/** The problem document of an error. Never holds a cause, a stack or an upstream address. */
export const problemOf = (error: ServiceError): Problem => ({
  type: `urn:comptoir:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
  title: titleOf(error.code),
  status: error.status,
  detail: error.message,
  code: error.code,
  ...(error.fields === undefined ? {} : { errors: [...error.fields] }),
  ...(error.data === undefined ? {} : { data: error.data }),
})

const titleOf = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The field faults of a failed zod parse, as JSON pointers. */
export const fieldFaults = (error: z.ZodError): FieldFault[] =>
  error.issues.flatMap((issue) => {
    const pointer = pointerOf(issue.path)
    if (issue.code !== 'unrecognized_keys') return [{ pointer, message: issue.message }]
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escape(key)}`,
      message: 'This field is not known here',
    }))
  })

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${escape(String(part))}`).join('')
const escape = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')
