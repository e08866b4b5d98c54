/** Query strings are text; the contract's schema says which of it is a number or a yes or no. */
import { z } from 'zod'

/** The fields of a query string in the types that the input's schema has for them; what does not fit stays text. */
export const coerceQuery = (query: URLSearchParams, input: z.ZodType): Record<string, unknown> => {
  const shape: Readonly<Record<string, z.core.$ZodType>> = input instanceof z.ZodObject ? input.shape : {}
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
      const list = unwrap(schema)
      const item = list instanceof z.ZodArray ? list.element : schema
      const values = query.getAll(name).map((text) => coerce(text, item))
      // A field that is given twice and is no list stays one, for the service to refuse.
      return [name, values.length === 1 && item === schema ? values[0] : values]
    }),
  )
}

const coerce = (text: string, schema: z.core.$ZodType | undefined): unknown => {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodNumber) return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  if (inner instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  return text
}

const unwrap = (schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap()) : schema
