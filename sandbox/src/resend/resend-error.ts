import type { Answer } from '../perform.ts'

export class ResendError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const resendAnswer = ({ status, code, message }: ResendError): Answer => ({
  status,
  body: { statusCode: status, name: code, message },
})

export const resendFailure = (status: number): Answer =>
  resendAnswer(
    status === 429
      ? new ResendError(
          429,
          'rate_limit_exceeded',
          'Too many requests. You can only make 2 requests per second.',
        )
      : status >= 500
        ? new ResendError(status, 'application_error', 'An unexpected error occurred.')
        : new ResendError(status, 'validation_error', 'The sandbox was told to fail this request.'),
  )
