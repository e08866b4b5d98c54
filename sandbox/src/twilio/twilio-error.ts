import type { Answer } from '../perform.ts'

export class TwilioError extends Error {
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const twilioAnswer = ({ status, code, message }: TwilioError): Answer => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
})

export const twilioFailure = (status: number): Answer =>
  twilioAnswer(
    status === 429
      ? new TwilioError(429, 20429, 'Too Many Requests')
      : status >= 500
        ? new TwilioError(status, 20500, 'An internal server error has occurred')
        : new TwilioError(status, 20001, 'The sandbox was told to fail this request.'),
  )
