import type { Answer } from '../perform.ts'

type StripeErrorBody = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  doc_url?: string
  charge?: string
  payment_intent?: unknown
  payment_method?: unknown
  advice_code?: string
  request_log_url?: string
}

type Options = Omit<StripeErrorBody, 'type'> & {
  type?: StripeErrorBody['type']
  status?: number
  executed?: boolean
}

export class StripeError extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  // Stripe keeps an answer under its idempotency key only once the endpoint began to execute.
  readonly executed: boolean

  constructor({ status = 400, executed = false, type = 'invalid_request_error', ...body }: Options) {
    super(body.message)
    this.status = status
    this.executed = executed
    this.body = { type, ...body, ...(body.code && { doc_url: docUrl(body.code) }) }
  }
}

const docUrl = (code: string): string => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`

export const errorAnswer = (error: StripeError): Answer => ({
  status: error.status,
  body: { error: error.body },
})

export const missing = (param: string): StripeError =>
  new StripeError({ code: 'parameter_missing', param, message: `Missing required param: ${param}.` })

export const notFound = (object: string, id: string, param = 'id'): StripeError =>
  new StripeError({
    status: 404,
    code: 'resource_missing',
    param,
    message: `No such ${object}: '${id}'`,
    executed: true,
  })

export const failure = (status: number): Answer => {
  if (status === 429)
    return errorAnswer(
      new StripeError({
        status,
        code: 'rate_limit',
        message: 'Request rate limit exceeded. Learn more about rate limits.',
      }),
    )
  const type = status >= 500 ? 'api_error' : 'invalid_request_error'
  const message =
    status >= 500
      ? 'An unexpected error has occurred with the Stripe API. Please try again.'
      : 'The sandbox was told to fail this request.'
  return errorAnswer(new StripeError({ status, type, message }))
}
