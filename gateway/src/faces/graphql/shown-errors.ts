/** Errors as a GraphQL client sees them: the contract’s code and its problem document, and nothing of what is inside. */
import { commonError, problemOf, ServiceError } from '@comptoir/contracts/errors'
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'

export interface ShownTo {
  readonly requestId: string
  readonly instance: string
  /** Whether the client may be told what else there is. */
  readonly hints: boolean
  report(error: ServiceError): void
}

interface HttpExtension {
  readonly status?: number
  readonly spec?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** The error with `extensions.code` and `extensions.problem`; what nobody foresaw is INTERNAL. */
export const shownError = (error: unknown, to: ShownTo): GraphQLError => {
  const http = httpOf(error)
  const told = serviceErrorOf(error, to.hints)
  if (told.status >= 500) to.report(told)
  const extensions: GraphQLErrorExtensions = {
    code: told.code,
    problem: { ...problemOf(told), instance: to.instance, requestId: to.requestId },
    ...(http === undefined ? {} : { http }),
  }
  if (!(error instanceof GraphQLError)) return new GraphQLError(told.message, { extensions })
  const { nodes, source, positions, path } = error
  return new GraphQLError(told.message, { nodes, source, positions, path, extensions })
}

const httpOf = (error: unknown): HttpExtension | undefined =>
  error instanceof GraphQLError ? error.extensions['http'] : undefined

const serviceErrorOf = (error: unknown, hints: boolean): ServiceError => {
  const root = rootOf(error)
  if (root instanceof ServiceError) return root
  // GraphQL’s own errors are about the request. Where an answer does not fit its type, the executor throws another.
  if (!(root instanceof GraphQLError)) return commonError('INTERNAL', { cause: root })
  const message = hints ? root.message : root.message.replace(/ Did you mean .*\?$/s, '')
  const code = httpOf(root)?.status === 405 ? 'METHOD_NOT_ALLOWED' : 'MALFORMED_REQUEST'
  return commonError(code, { message })
}

const rootOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError !== undefined ? rootOf(error.originalError) : error
