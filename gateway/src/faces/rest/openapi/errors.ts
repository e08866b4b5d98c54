/** Everything that can go wrong with an operation, as responses of problem documents. */
import { judge } from '@comptoir/contracts/access'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import {
  commonErrors,
  problemOf,
  ServiceError,
  type CommonErrorCode,
  type ErrorDeclaration,
} from '@comptoir/contracts/errors'
import { exampleOf } from './example.ts'
import { countedHeadersWith, headersWith } from './headers.ts'
import type { Json } from './json.ts'
import type { Schemas } from './schemas.ts'

/** The responses by status; those that any operation may share are put among `shared` and referred to. */
export const errorResponses = (
  contract: ProcedureContract,
  schemas: Schemas,
  shared: Record<string, Json>,
): Json => {
  const declared = Object.entries<ErrorDeclaration>(contract.errors ?? {})
  const implied = impliedErrors(contract).map((code) => [code, commonErrors[code]] as const)
  const all: readonly Listed[] = [...declared, ...implied]
  const byStatus = Object.groupBy(all, ([, { status }]) => String(status))
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, errors = []]) => {
      const response = responseOf(Number(status), errors, schemas)
      if (!errors.every(([code]) => Object.hasOwn(commonErrors, code))) return [status, response]
      const name = errors.map(([code]) => pascal(code)).join('Or')
      shared[name] = response
      return [status, { $ref: `#/components/responses/${name}` }]
    }),
  )
}

interface Listable {
  readonly status: number
  readonly message: string
  readonly data?: ErrorDeclaration['data']
}
type Listed = readonly [code: string, error: Listable]

/** What no contract has to declare. A wrong credential is refused even where none is needed. */
const impliedErrors = (contract: ProcedureContract): CommonErrorCode[] => {
  const isWrite = contract.kind === 'mutation'
  const takesBody = isWrite && contract.http?.method !== 'DELETE'
  const keeps = isWrite && contract.idempotent !== undefined
  return [
    'INVALID_INPUT',
    'MALFORMED_REQUEST',
    ...(isWrite && contract.idempotent === 'required' ? (['IDEMPOTENCY_KEY_REQUIRED'] as const) : []),
    ...(keeps ? (['IDEMPOTENCY_KEY_INVALID'] as const) : []),
    'UNAUTHENTICATED',
    ...(contract.fresh !== undefined ? (['REAUTHENTICATION_REQUIRED'] as const) : []),
    ...(mayBeForbidden(contract) ? (['FORBIDDEN'] as const) : []),
    ...(takesBody ? (['REQUEST_TIMEOUT'] as const) : []),
    ...(keeps ? (['IDEMPOTENCY_IN_FLIGHT'] as const) : []),
    ...(isWrite && contract.concurrency !== undefined ? (['PRECONDITION_FAILED'] as const) : []),
    ...(takesBody ? (['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(keeps ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    'RATE_LIMITED',
    'INTERNAL',
    'UNAVAILABLE',
    'DEADLINE_EXCEEDED',
  ]
}

const mayBeForbidden = ({ access }: ProcedureContract): boolean =>
  judge({ access }, { kind: 'client', id: 'machine', scopes: [] }, { viaService: false, now: new Date() }) !==
  'allowed'

const responseOf = (status: number, errors: readonly Listed[], schemas: Schemas): Json => ({
  description: errors.map(([code, { message }]) => `\`${code}\`: ${message}`).join(' '),
  // What is no sound request is refused before anybody is counted.
  headers: (status === 400 ? headersWith : countedHeadersWith)(...(extraHeaders[status] ?? [])),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          {
            type: 'object',
            properties: { code: { enum: errors.map(([code]) => code) }, ...dataOf(errors, schemas) },
          },
        ],
      },
      examples: Object.fromEntries(
        errors.map(([code, error]) => [code, { value: problemExample(code, error, schemas) }]),
      ),
    },
  },
})

const extraHeaders: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  409: ['Retry-After'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

const dataOf = (errors: readonly Listed[], schemas: Schemas): Json => {
  const carried = errors.flatMap(([, { data }]) => (data === undefined ? [] : schemas.of(data, 'output')))
  const [only] = carried
  if (only === undefined) return {}
  return { data: carried.length === 1 ? only : { anyOf: carried } }
}

const problemExample = (code: string, { status, message, data }: Listable, schemas: Schemas): object => ({
  ...problemOf(
    new ServiceError(code, {
      status,
      message,
      ...(data === undefined ? {} : { data: exampleOf(schemas.of(data, 'output'), schemas) }),
      ...(code === 'INVALID_INPUT'
        ? { fields: [{ pointer: '/quantity', message: 'Invalid input: expected number, received string' }] }
        : {}),
    }),
  ),
  instance: '/v1/…',
  requestId: '0f8a2c9e-6f0b-4d59-9d3f-0f0f2f6f7a11',
})

const pascal = (code: string): string =>
  code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
