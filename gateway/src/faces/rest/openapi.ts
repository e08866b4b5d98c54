/** The OpenAPI 3.1 document of the REST façade, made of the contracts. */
import type { Access } from '@comptoir/contracts/access'
import { commonErrors, Problem, type ErrorDeclaration } from '@comptoir/contracts/errors'
import { z } from 'zod'
import type { Operation, Operations } from '../../operations.ts'

type Json = Record<string, unknown>

/** Describes every operation that has a route. Stable: operation ids are `<service>_<procedure>`. */
export const openApi = (operations: Operations): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Comptoir',
    version: '1.0.0',
    description: 'Commerce over REST. Errors are problem documents (RFC 9457).',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  tags: [...new Set([...operations.values()].map(({ service }) => service))].map((name) => ({ name })),
  paths: pathsOf(operations),
  components: {
    securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    schemas: { Problem: jsonSchema(Problem, 'output') },
  },
})

const pathsOf = (operations: Operations): Json => {
  const paths: Record<string, Json> = {}
  for (const operation of operations.values()) {
    const { http } = operation.contract
    if (http === undefined) continue
    paths[http.path] = { ...paths[http.path], [http.method.toLowerCase()]: describe(operation) }
  }
  return paths
}

const describe = (operation: Operation): Json => {
  const { contract, service, name } = operation
  return {
    operationId: `${service}_${name}`,
    summary: contract.summary,
    tags: [service],
    security: securityOf(contract.access),
    parameters: parametersOf(operation),
    ...bodyOf(operation),
    responses: responsesOf(operation),
  }
}

const securityOf = (access: Access): Json[] =>
  access === 'public' ? [{}, { accessToken: [] }] : [{ accessToken: [] }]

const parametersOf = ({ contract }: Operation): Json[] => {
  const fields = fieldsOf(contract.input)
  const inPath = pathFields(contract.http?.path ?? '')
  const inQuery = takesBody(contract.http?.method)
    ? []
    : Object.keys(fields.properties).filter((name) => !inPath.includes(name))
  const parameter = (name: string, place: 'path' | 'query'): Json => ({
    name,
    in: place,
    required: place === 'path' || fields.required.includes(name),
    schema: fields.properties[name] ?? {},
  })
  return [
    ...inPath.map((name) => parameter(name, 'path')),
    ...inQuery.map((name) => parameter(name, 'query')),
    ...idempotencyKey(contract.kind === 'mutation' ? contract.idempotent : undefined),
  ]
}

const idempotencyKey = (rule: 'optional' | 'required' | undefined): Json[] =>
  rule === undefined
    ? []
    : [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: rule === 'required',
          description: 'Repeats with the same key get the first answer',
          schema: { type: 'string', minLength: 16, maxLength: 255 },
        },
      ]

const bodyOf = ({ contract }: Operation): Json => {
  if (!takesBody(contract.http?.method)) return {}
  const { properties, required } = fieldsOf(contract.input)
  const inPath = pathFields(contract.http?.path ?? '')
  const own = Object.entries(properties).filter(([name]) => !inPath.includes(name))
  if (own.length === 0) return {}
  const needed = required.filter((name) => !inPath.includes(name))
  const schema = {
    type: 'object',
    properties: Object.fromEntries(own),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  }
  return { requestBody: { required: needed.length > 0, content: { 'application/json': { schema } } } }
}

const responsesOf = ({ contract }: Operation): Json => {
  const status = contract.http?.status ?? 200
  const type = contract.kind === 'subscription' ? 'text/event-stream' : 'application/json'
  const content =
    status === 204 ? {} : { content: { [type]: { schema: jsonSchema(contract.output, 'output') } } }
  return { [status]: { description: 'Success', ...content }, ...errorResponses(contract) }
}

const replayed = ['IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_IN_FLIGHT', 'IDEMPOTENCY_KEY_REUSED']

const errorResponses = (contract: Operation['contract']): Json => {
  const implied = [
    'INVALID_INPUT',
    'INTERNAL',
    'UNAVAILABLE',
    ...(contract.access === 'public' ? [] : ['UNAUTHENTICATED']),
    ...(contract.access === 'public' || contract.access === 'guest' ? [] : ['FORBIDDEN']),
    ...(contract.kind === 'mutation' && contract.idempotent !== undefined ? replayed : []),
    ...(takesBody(contract.http?.method) ? ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] : []),
  ]
  const all: [string, { status: number; message: string }][] = [
    ...Object.entries<ErrorDeclaration>(contract.errors ?? {}),
    ...Object.entries(commonErrors).filter(([code]) => implied.includes(code)),
  ]
  const byStatus = Object.groupBy(all, ([, error]) => String(error.status))
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, errors]) => [
      status,
      {
        description: (errors ?? []).map(([code, { message }]) => `\`${code}\`: ${message}`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

interface Fields {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
}

const fieldsOf = (input: z.ZodType): Fields => {
  const { properties = {}, required = [] } = jsonSchema(input, 'input') as Partial<Fields>
  return { properties, required }
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const pathFields = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? [])
const takesBody = (method: string | undefined): boolean => method !== 'GET' && method !== 'DELETE'
