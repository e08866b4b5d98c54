/** Scalars and enums of GraphQL for the simple schemas. */
import { z } from 'zod'
import type { Builder } from './builder.ts'
import { isName, originOf, type TypeNames } from './type-names.ts'

export type ScalarName = 'ID' | 'String' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'SafeInt' | 'JSON'

export type LeafTypes = ReturnType<typeof createLeafTypes>

const intMax = 2 ** 31 - 1

/** Projects everything that has no fields; the same schema is the same type wherever it is met, in inputs and outputs. */
export const createLeafTypes = (builder: Builder, names: TypeNames) => {
  const known = new Map<z.core.$ZodType, ReturnType<typeof define>>()
  const define = (schema: z.core.$ZodType, place: string, values: Record<string, string>) =>
    builder.enumType(names.nameOf(schema, place), {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
    })
  const enumOf = (schema: z.core.$ZodType, place: string) => {
    const values = enumValues(schema)
    if (values === undefined) return undefined
    const origin = originOf(schema)
    const type = known.get(origin) ?? define(origin, place, values)
    known.set(origin, type)
    return type
  }
  return { of: (schema: z.core.$ZodType, place: string) => enumOf(schema, place) ?? scalarOf(schema, place) }
}

/** GraphQL's names of the values that a schema lists; undefined where it lists none, or some that cannot be told apart. */
const enumValues = (schema: z.core.$ZodType): Record<string, string> | undefined => {
  const values = listed(schema)
  if (values === undefined) return undefined
  const names = values.map((value) => [enumName(value), value] as const)
  const fits = names.every(([name]) => isName(name) && !['true', 'false', 'null'].includes(name))
  return fits && new Set(names.map(([name]) => name)).size === values.length
    ? Object.fromEntries(names)
    : undefined
}

const listed = (schema: z.core.$ZodType): string[] | undefined => {
  const values = schema instanceof z.ZodEnum ? schema.options : literals(schema)
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : undefined
}

/** One literal alone is no choice. */
const literals = (schema: z.core.$ZodType): unknown[] =>
  schema instanceof z.ZodLiteral && schema.values.size > 1 ? [...schema.values] : []

/** `partially_refunded` as PARTIALLY_REFUNDED; `-price`, which sorts downwards, as PRICE_DESC. */
const enumName = (value: string): string => {
  const words = value.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_').toUpperCase()
  return (words.startsWith('-') ? `${words.slice(1)}_DESC` : words).replaceAll(/\W/g, '_')
}

const scalarOf = (schema: z.core.$ZodType, place: string): ScalarName => {
  if (schema instanceof z.ZodUUID || schema instanceof z.ZodGUID) return 'ID'
  if (schema instanceof z.ZodISODateTime) return 'DateTime'
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
    return place.endsWith('Id') ? 'ID' : 'String'
  if (schema instanceof z.ZodBoolean) return 'Boolean'
  if (schema instanceof z.ZodNumber) return numberType(schema)
  if (schema instanceof z.ZodLiteral) return literalType(schema)
  if (schema instanceof z.ZodUnion) return unionType(schema, place)
  if (schema instanceof z.ZodEnum) return 'String'
  return 'JSON'
}

const numberType = (schema: z.ZodNumber): ScalarName => {
  if (!schema.isInt) return 'Float'
  const [min, max] = [schema.minValue ?? -Infinity, schema.maxValue ?? Infinity]
  // GraphQL's own Int has 32 bits: it is for numbers that are known to fit.
  return min >= -intMax - 1 && max <= intMax ? 'Int' : 'SafeInt'
}

const literalType = (schema: z.ZodLiteral): ScalarName => {
  const types = new Set([...schema.values].map((value) => typeof value))
  if (types.size !== 1) return 'JSON'
  if (types.has('string')) return 'String'
  return types.has('boolean') ? 'Boolean' : 'JSON'
}

/** A choice of kinds of text is text, and an id where any of them is one. */
const unionType = (schema: z.ZodUnion, place: string): ScalarName => {
  const types = new Set(schema.options.map((option) => scalarOf(option, place)))
  const [only] = types
  if (types.size === 1 && only !== undefined) return only
  return [...types].every((type) => type === 'ID' || type === 'String' || type === 'DateTime')
    ? types.has('ID')
      ? 'ID'
      : 'String'
    : 'JSON'
}
