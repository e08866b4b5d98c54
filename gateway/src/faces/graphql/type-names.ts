/** What a schema is called in GraphQL: as its contract exports it, otherwise after the place where it is found. */
import { schemaNames } from '@comptoir/contracts/schema-names'
import type { z } from 'zod'

export interface TypeNames {
  /** What its contract calls a schema, if it does. */
  peek(schema: z.core.$ZodType): string | undefined
  /** The name of a schema's type; `place` is used where the schema has no name. Two schemas never get the same one. */
  nameOf(schema: z.core.$ZodType, place: string): string
  /** A name that nothing else has; `wanted` itself where it is free. */
  claim(wanted: string): string
}

const reserved = ['Query', 'Mutation', 'Subscription', 'PageInfo', 'JSON', 'DateTime', 'SafeInt']
const builtIn = ['Int', 'Float', 'String', 'Boolean', 'ID']

export const createTypeNames = (): TypeNames => {
  const taken = new Set([...reserved, ...builtIn])
  const claim = (wanted: string): string => {
    let free = wanted
    for (let count = 2; taken.has(free); count += 1) free = `${wanted}${count}`
    taken.add(free)
    return free
  }
  const peek = (schema: z.core.$ZodType) => schemaNames.get(originOf(schema))
  return { peek, claim, nameOf: (schema, place) => claim(peek(schema) ?? place) }
}

/** The schema that another was made of by describing it: both are the same type. */
export const originOf = (schema: z.core.$ZodType): z.core.$ZodType => {
  if (schemaNames.has(schema)) return schema
  // oxlint-disable-next-line no-underscore-dangle -- where zod keeps it
  const { parent } = schema._zod
  return parent === undefined ? schema : originOf(parent)
}

/** `placeOrder` as `PlaceOrder`. */
export const pascal = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

/** Whether GraphQL takes it as the name of a field. */
export const isName = (name: string): boolean => /^(?!__)[A-Za-z_]\w*$/.test(name)
