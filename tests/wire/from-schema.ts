// Values that a JSON schema allows, by fast-check; only the keywords that our document uses.
import * as fc from 'fast-check'
import type { Schema } from './openapi-document.ts'

export interface KnownValues {
  /** Ids of things that exist, so that some requests find what they ask for. */
  readonly ids: readonly string[]
}

/** An arbitrary of values of this schema. Throws for a schema that it does not understand. */
export const fromSchema = (schema: Schema, known: KnownValues): fc.Arbitrary<unknown> => {
  const of = (inner: unknown) => fromSchema(inner as Schema, known)
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  const choice = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choice)) return fc.oneof(...choice.map(of))
  if (Array.isArray(schema['allOf'])) {
    const { allOf, ...rest } = schema
    return of(Object.assign({}, ...(allOf as Schema[]), rest))
  }
  switch (schema['type']) {
    case 'string':
      return stringOf(schema, known)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.double({ ...boundsOf(schema), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(of(schema['items'] ?? {}), {
        minLength: number(schema['minItems'], 0),
        maxLength: Math.min(number(schema['maxItems'], 3), number(schema['minItems'], 0) + 3),
      })
    case 'object':
      return objectOf(schema, of)
    case undefined:
      return fc.jsonValue()
    default:
      throw new Error(`No values are known of the type ${JSON.stringify(schema['type'])}`)
  }
}

const number = (given: unknown, otherwise: number): number => (typeof given === 'number' ? given : otherwise)

const boundsOf = (schema: Schema) => ({
  min: Math.max(number(schema['minimum'], -1_000), -2_147_483_648),
  max: Math.min(number(schema['maximum'], 1_000), 2_147_483_647),
})

const objectOf = (schema: Schema, of: (inner: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<object> => {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, unknown>)
  const required = (schema['required'] ?? []) as string[]
  return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, of(inner)])), {
    requiredKeys: required,
  })
}

const stringOf = (schema: Schema, known: KnownValues): fc.Arbitrary<string> => {
  const { pattern, format } = schema
  if (format === 'uuid') return fc.oneof(fc.uuid({ version: 7 }), fc.constantFrom(...known.ids))
  if (format === 'email') return fc.stringMatching(/^[a-z0-9]{1,20}@[a-z0-9]{1,10}\.(com|org)$/)
  if (format === 'uri') return fc.webUrl()
  // Only moments are written with a look ahead, which fast-check does not know either.
  if (format === 'date-time' || (typeof pattern === 'string' && pattern.includes('(?!'))) return moments
  const lengths = {
    minLength: number(schema['minLength'], 0),
    maxLength: Math.min(number(schema['maxLength'], 60), number(schema['minLength'], 0) + 60),
  }
  if (typeof pattern !== 'string') return fc.string({ ...lengths, unit: 'grapheme' })
  // fast-check makes no text of the classes of Unicode; there text is drawn, and kept where it fits.
  if (pattern.includes(String.raw`\p{`)) {
    const fits = new RegExp(pattern, 'u')
    return fc.string({ ...lengths, unit: 'grapheme' }).filter((text) => fits.test(text))
  }
  // Of one kind of character, as long as it has to be: few of the texts that fast-check makes of the pattern are.
  const [, characters] = /^\^(\[[^\]]+\])\+\$$/.exec(pattern) ?? []
  if (characters !== undefined) {
    const unit = fc.stringMatching(new RegExp(`^${characters}$`, 'u'))
    return fc.string({ ...lengths, minLength: Math.max(1, lengths.minLength), unit })
  }
  return fc
    .stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
    .filter((text) => text.length >= lengths.minLength && text.length <= number(schema['maxLength'], 1_000))
}

const moments = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
