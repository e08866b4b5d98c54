// Requests made from the OpenAPI document: as it says, and with one thing or another changed.
import * as fc from 'fast-check'
import { fromSchema, type KnownValues } from './from-schema.ts'
import type { Described } from './openapi-document.ts'

export interface Drawn {
  readonly operation: Described
  readonly parameters: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly caller: number
}

export interface Drawing {
  readonly known: KnownValues
  readonly callers: number
}

/** Requests to this operation, by one of so many callers. */
export const drawRequest = (operation: Described, { known, callers }: Drawing): fc.Arbitrary<Drawn> => {
  const parameters = fc.record(
    Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, fromSchema(schema, known)])),
    {
      requiredKeys: operation.parameters.filter(({ required }) => required === true).map(({ name }) => name),
    },
  )
  const schema = operation.requestBody?.content['application/json'].schema
  const body = schema === undefined ? fc.constant(undefined) : fromSchema(schema, known)
  const good = fc.record({ operation: fc.constant(operation), parameters, body, caller: fc.nat(callers - 1) })
  const changed = fc.tuple(good, fc.nat(), odd, fc.nat(3)).map(([drawn, at, value, how]) => {
    return { ...drawn, ...change(drawn, { at, value, how }) }
  })
  return fc.oneof(good, changed)
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    -1,
    1.5,
    1e300,
    true,
    [],
    {},
    '\u0000',
    '\ud800',
    'a'.repeat(3_000),
    '1e3',
  ),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
)

interface Change {
  readonly at: number
  readonly value: unknown
  readonly how: number
}

const change = ({ parameters, body }: Drawn, given: Change): Pick<Drawn, 'parameters' | 'body'> => {
  const hasFields = typeof body === 'object' && body !== null && !Array.isArray(body)
  const inBody = hasFields && (given.at % 2 === 0 || Object.keys(parameters).length === 0)
  if (inBody) return { parameters, body: changeIn({ ...body }, given) }
  if (body !== undefined && given.how === 3) return { parameters, body: given.value }
  return { parameters: changeIn({ ...parameters }, { ...given, how: given.how % 2 }), body }
}

/** Puts another value into a field, takes a field away, or adds one that is not known. */
const changeIn = (fields: Record<string, unknown>, { at, value, how }: Change): Record<string, unknown> => {
  const names = Object.keys(fields)
  const name = names[at % Math.max(1, names.length)]
  if (how === 2 || name === undefined) return { ...fields, [`unknown${at % 10}`]: value }
  if (how === 1) return Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name))
  return { ...fields, [name]: value }
}
