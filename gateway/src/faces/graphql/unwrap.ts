/** A schema without its wrappings: what the value is, and whether it may be missing or null. */
import { z } from 'zod'

export interface Unwrapped {
  readonly schema: z.core.$ZodType
  /** May be left out. */
  readonly optional: boolean
  readonly nullable: boolean
  /** The outermost words that anybody wrote about it. */
  readonly description: string | undefined
}

/** Takes off what only says how a value may be missing. `side` tells which end of a transformation is meant. */
export const unwrap = (wrapped: z.core.$ZodType, side: 'input' | 'output'): Unwrapped => {
  let schema = wrapped
  let [optional, nullable] = [false, false]
  let description: string | undefined
  for (;;) {
    description ??= z.globalRegistry.get(schema)?.description
    if (schema instanceof z.ZodNullable) nullable = true
    else if (schema instanceof z.ZodOptional) optional = true
    else if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
      optional = side === 'input' || optional
    const inner = innerOf(schema, side)
    if (inner === undefined) return { schema, optional, nullable, description }
    schema = inner
  }
}

const innerOf = (schema: z.core.$ZodType, side: 'input' | 'output'): z.core.$ZodType | undefined => {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodLazy
  )
    return schema.unwrap()
  if (schema instanceof z.ZodPipe) return side === 'input' ? schema.def.in : schema.def.out
  return undefined
}
