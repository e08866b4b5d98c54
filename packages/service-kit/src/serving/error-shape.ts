/** How an error looks on tRPC's wire: the contract's code and a problem document, and nothing of its inside. */
import type { ErrorShape } from '@comptoir/contracts/contract'
import { commonError, fieldFaults, problemOf, ServiceError } from '@comptoir/contracts/errors'
import { TRPCError, type TRPCDefaultErrorShape } from '@trpc/server'
import { z } from 'zod'
import { serviceErrorOf as thrownServiceError } from '../storage/database-errors.ts'

const keys = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
} as const

type Status = keyof typeof keys
const isKnown = (status: number): status is Status => status in keys

/** Wraps any thrown value for tRPC, whose status line it decides. */
export const asTrpcError = (thrown: unknown): TRPCError => {
  if (thrown instanceof TRPCError) return thrown
  const error = thrownServiceError(thrown) ?? commonError('INTERNAL', { cause: thrown })
  return new TRPCError({
    code: isKnown(error.status) ? keys[error.status] : 'INTERNAL_SERVER_ERROR',
    message: error.message,
    cause: error,
  })
}

/** The error behind what tRPC caught: ours as it was thrown, its own in our words. */
export const serviceErrorOf = (caught: unknown): ServiceError => {
  if (caught instanceof ServiceError) return caught
  if (!(caught instanceof TRPCError)) return commonError('INTERNAL', { cause: caught })
  if (caught.cause instanceof ServiceError) return caught.cause
  if (caught.code === 'BAD_REQUEST' && caught.cause instanceof z.ZodError) {
    return commonError('INVALID_INPUT', { fields: fieldFaults(caught.cause) })
  }
  return ownError(caught)
}

const ownError = (caught: TRPCError): ServiceError => {
  switch (caught.code) {
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return commonError('MALFORMED_REQUEST')
    case 'NOT_FOUND':
      return commonError('NOT_FOUND')
    case 'METHOD_NOT_SUPPORTED':
      return commonError('METHOD_NOT_ALLOWED')
    case 'UNSUPPORTED_MEDIA_TYPE':
      return commonError('UNSUPPORTED_MEDIA_TYPE')
    case 'PAYLOAD_TOO_LARGE':
      return commonError('BODY_TOO_LARGE')
    default:
      return commonError('INTERNAL', { cause: caught.cause ?? caught })
  }
}

/** tRPC's error formatter. */
export const errorShape = ({
  shape,
  error,
}: {
  shape: TRPCDefaultErrorShape
  error: TRPCError
}): ErrorShape => {
  const { data, ...rest } = shape
  const { stack: _stack, ...safe } = data
  const problem = problemOf(serviceErrorOf(error))
  return {
    ...rest,
    message: problem.detail,
    data: { ...safe, httpStatus: problem.status, code: problem.code, problem },
  }
}
