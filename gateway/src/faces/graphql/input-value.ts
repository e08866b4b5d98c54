/** Arguments as the contract’s schema wants them: GraphQL lets a client write null for whatever it leaves out. */
import { z } from 'zod'
import { unwrap } from './unwrap.ts'

/** The value with every null taken out that the schema knows only as absent. The service validates the rest. */
export const inputValue = (wrapped: z.core.$ZodType, value: unknown): unknown => {
  const { schema } = unwrap(wrapped, 'input')
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => inputValue(schema.element, item))
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, given]) => {
      const field = shape[name]
      if (field === undefined) return [[name, given]]
      if (given === null && !unwrap(field, 'input').nullable) return []
      return [[name, inputValue(field, given)]]
    }),
  )
}
