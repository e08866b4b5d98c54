/** The schema under construction, with the scalars that GraphQL lacks. */
import SchemaBuilder, { type ArgBuilder } from '@pothos/core'
import { GraphQLError } from 'graphql'
import type { Caller } from './caller.ts'

/** What belongs to one request. */
export interface GraphqlContext {
  readonly caller: Caller
  /** Of the request’s header. */
  readonly idempotencyKey: string | undefined
}

interface Types {
  Context: GraphqlContext
  Scalars: {
    ID: { Input: string; Output: unknown }
    DateTime: { Input: string; Output: unknown }
    SafeInt: { Input: number; Output: unknown }
    JSON: { Input: unknown; Output: unknown }
  }
}

export type ArgumentBuilder = ArgBuilder<PothosSchemaTypes.ExtendDefaultTypes<Types>>
export type Builder = ReturnType<typeof createBuilder>

export const createBuilder = () => {
  const builder = new SchemaBuilder<Types>({})
  builder.scalarType('DateTime', {
    description: 'A moment in UTC as ISO 8601 has it, such as 2026-11-25T08:30:00.000Z',
    serialize: (value) => value,
    parseValue: (value) => {
      if (typeof value === 'string') return value
      throw new GraphQLError('DateTime is text as ISO 8601 has it.')
    },
  })
  builder.scalarType('SafeInt', {
    description: 'An integer of at most 53 bits, which every number of JSON can hold exactly',
    serialize: (value) => safeInteger(value),
    parseValue: (value) => safeInteger(value),
  })
  builder.scalarType('JSON', {
    description: 'Any JSON value',
    serialize: (value) => value,
    parseValue: (value) => value,
  })
  return builder
}

const safeInteger = (value: unknown): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new GraphQLError('SafeInt is an integer of at most 53 bits.')
}
