import type { Answer } from '../perform.ts'

export class CarrierError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const carrierAnswer = ({ status, code, message }: CarrierError): Answer => ({
  status,
  body: { error: { code, message } },
})

export const carrierFailure = (status: number): Answer =>
  carrierAnswer(
    new CarrierError(
      status,
      status >= 500 ? 'unavailable' : 'refused',
      'The sandbox was told to fail this request.',
    ),
  )
