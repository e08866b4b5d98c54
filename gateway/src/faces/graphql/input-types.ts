/** Arguments and input types of what procedures take. */
import type { InputRef } from '@pothos/core'
import { z } from 'zod'
import type { Builder } from './builder.ts'
import type { LeafTypes, ScalarName } from './leaf-types.ts'
import { isName, originOf, pascal, type TypeNames } from './type-names.ts'
import { unwrap } from './unwrap.ts'

type Ref = InputRef<unknown> | ScalarName

export interface InputShape {
  readonly type: Ref | { readonly list: InputShape }
  readonly required: boolean
  readonly description: string | undefined
}

export interface InputTypes {
  of(schema: z.core.$ZodType, place: string): InputShape
}

interface Projection {
  readonly builder: Builder
  readonly names: TypeNames
  readonly leaves: LeafTypes
  readonly known: Map<z.core.$ZodType, InputRef<unknown>>
}

export const createInputTypes = (builder: Builder, names: TypeNames, leaves: LeafTypes): InputTypes => {
  const projection = { builder, names, leaves, known: new Map() }
  return { of: (schema, place) => shapeOf(projection, schema, place) }
}

const shapeOf = (projection: Projection, wrapped: z.core.$ZodType, place: string): InputShape => {
  const { schema, optional, nullable, description } = unwrap(wrapped, 'input')
  return { type: typeOf(projection, schema, place), required: !optional && !nullable, description }
}

const typeOf = (projection: Projection, schema: z.core.$ZodType, place: string): InputShape['type'] => {
  if (schema instanceof z.ZodArray) return { list: shapeOf(projection, schema.element, place) }
  if (schema instanceof z.ZodObject && isNamed(schema)) {
    const origin = originOf(schema)
    return projection.known.get(origin) ?? defineInput(projection, schema, place)
  }
  return projection.leaves.of(schema, place)
}

const isNamed = ({ shape }: z.ZodObject): boolean => {
  const names = Object.keys(shape)
  return names.length > 0 && names.every(isName)
}

const defineInput = (projection: Projection, schema: z.ZodObject, place: string): InputRef<unknown> => {
  const { builder, names, known } = projection
  const own = names.peek(schema) ?? place
  const ref = builder.inputRef<object>(names.claim(`${own}Input`))
  // Before its fields are looked at: one of them may hold the type itself.
  known.set(originOf(schema), ref)
  const fields = Object.entries(schema.shape).map(
    ([name, field]) => [name, shapeOf(projection, field, `${own}${pascal(name)}`)] as const,
  )
  ref.implement({
    fields: (t) => Object.fromEntries(fields.map(([name, shape]) => [name, t.field(optionsOf(t, shape))])),
  })
  return ref
}

interface ListBuilder {
  listRef(type: Ref, options: { required: boolean }): InputRef<unknown>
}

/** An argument’s or a field’s type as the builder wants it. */
export const optionsOf = (
  t: ListBuilder,
  { type, required, description }: InputShape,
): { type: Ref; required: boolean; description?: string } => ({
  type: refOf(t, type),
  required,
  ...(description === undefined ? {} : { description }),
})

const refOf = (t: ListBuilder, type: InputShape['type']): Ref =>
  typeof type === 'object' && 'list' in type
    ? t.listRef(refOf(t, type.list.type), { required: type.list.required })
    : type
