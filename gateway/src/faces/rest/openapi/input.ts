/** Where the fields of an input go: into the path, the query, a header or the body. */
import type { Operation } from '../../../operations.ts'
import { exampleOf, isMadeUp } from './example.ts'
import type { Json } from './json.ts'
import type { Schemas } from './schemas.ts'

export const parametersOf = (operation: Operation, schemas: Schemas): Json[] => {
  const { contract } = operation
  const { properties, required } = fieldsOf(operation, schemas)
  const inPath = pathFields(contract.http?.path)
  const inQuery = takesBody(operation) ? [] : Object.keys(properties).filter((name) => !inPath.includes(name))
  const parameter = (name: string, place: 'path' | 'query'): Json => {
    const { description, ...schema } = properties[name] ?? {}
    const example = exampleOf(schema, schemas, name)
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
      // Made-up text fits the schema, and is no cursor.
      ...(example === undefined || (place === 'query' && isMadeUp(example)) ? {} : { example }),
    }
  }
  return [
    ...inPath.map((name) => parameter(name, 'path')),
    ...inQuery.map((name) => parameter(name, 'query')),
    ...headerParameters(operation),
  ]
}

const headerParameters = ({ contract }: Operation): Json[] => {
  if (contract.kind === 'subscription') return [header('LastEventId')]
  if (contract.kind === 'query') return contract.access === 'public' ? [header('IfNoneMatch')] : []
  return [
    ...(contract.idempotent === undefined ? [] : [header(`IdempotencyKey${pascal(contract.idempotent)}`)]),
    ...(contract.concurrency === undefined ? [] : [header('IfMatch')]),
  ]
}

const header = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })
const pascal = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const idempotencyKey = (required: boolean): Json => ({
  name: 'Idempotency-Key',
  in: 'header',
  required,
  description: 'Repeats with the same key get the first answer.',
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  example: 'f2b9d7f0-4c6e-4f0e-9f4e-2d1b7c6a5e43',
})

/** Of the headers that operations take. */
export const parameterComponents: Readonly<Record<string, Json>> = {
  IdempotencyKeyRequired: idempotencyKey(true),
  IdempotencyKeyOptional: idempotencyKey(false),
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The ETag of the answer that the change is made for: it goes in only where the resource still has that version. Use it or the field `version`, not both.',
    schema: { type: 'string' },
    example: '"v7.Xw2kZ3n0q1R5t8Yb4Lm9Aw"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description:
      'The ETag of the answer that the client has; 304 where it still holds. Heeded without a credential only.',
    schema: { type: 'string' },
    example: '"v7.Xw2kZ3n0q1R5t8Yb4Lm9Aw"',
  },
  LastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The id of the last event that was seen; the stream goes on after it.',
    schema: { type: 'string' },
  },
}

/** The request's body: the whole input by its name, or what the path leaves of it. */
export const bodyOf = (operation: Operation, schemas: Schemas): Json => {
  const { contract } = operation
  if (!takesBody(operation)) return {}
  const { properties, required } = fieldsOf(operation, schemas)
  const inPath = pathFields(contract.http?.path)
  const own = Object.entries(properties).filter(([name]) => !inPath.includes(name))
  if (own.length === 0) return {}
  const needed = required.filter((name) => !inPath.includes(name))
  const schema =
    inPath.length === 0
      ? schemas.of(contract.input, 'input')
      : {
          type: 'object',
          properties: Object.fromEntries(own),
          ...(needed.length === 0 ? {} : { required: needed }),
          additionalProperties: false,
        }
  const example = exampleOf(schema, schemas)
  return {
    requestBody: {
      required: needed.length > 0,
      content: { 'application/json': { schema, ...exampled(example) } },
    },
  }
}

/** An example, where there is one. */
export const exampled = (example: unknown): Json => (example === undefined ? {} : { example })

interface Fields {
  readonly properties: Readonly<Record<string, Json>>
  readonly required: readonly string[]
}

const fieldsOf = ({ contract }: Operation, schemas: Schemas): Fields => {
  const { $ref, ...schema } = schemas.of(contract.input, 'input')
  const whole = typeof $ref === 'string' ? schemas.resolve($ref) : schema
  const { properties = {}, required = [] } = whole as Partial<Fields>
  return { properties, required }
}

const pathFields = (path = ''): string[] => [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? [])
const takesBody = ({ contract: { http } }: Operation): boolean =>
  http?.method !== 'GET' && http?.method !== 'DELETE'
