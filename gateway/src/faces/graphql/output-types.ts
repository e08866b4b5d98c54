/** GraphQL types of what procedures answer. The same schema is the same type wherever it is met. */
import type { OutputRef, outputShapeKey } from '@pothos/core'
import { z } from 'zod'
import type { Builder } from './builder.ts'
import type { LeafTypes, ScalarName } from './leaf-types.ts'
import { pageShape, type PageShape } from './page-shape.ts'
import { isName, originOf, pascal, type TypeNames } from './type-names.ts'
import { unwrap } from './unwrap.ts'

type Parent = Readonly<Record<string, unknown>>
interface ListRef {
  readonly [outputShapeKey]: unknown
}
type Ref = OutputRef<unknown> | ScalarName

/** What a value is: one of a type, or a list. */
export interface OutputShape {
  readonly type: Ref | { readonly list: OutputShape }
  readonly nullable: boolean
  readonly description: string | undefined
}

interface Field {
  readonly shape: OutputShape
  resolve(parent: Parent): unknown
}
type Fields = Readonly<Record<string, Field>>

export interface OutputTypes {
  /** `place` names a type whose schema has no name. */
  of(schema: z.core.$ZodType, place: string): OutputShape
}

interface Projection {
  readonly builder: Builder
  readonly names: TypeNames
  readonly leaves: LeafTypes
  readonly known: Map<z.core.$ZodType, OutputRef<unknown>>
  /** By what they are lists of. */
  readonly connections: Map<z.core.$ZodType, OutputRef<unknown>>
  readonly pageInfo: OutputRef<unknown>
}

export const createOutputTypes = (builder: Builder, names: TypeNames, leaves: LeafTypes): OutputTypes => {
  const [known, connections] = [new Map(), new Map()]
  const projection = { builder, names, leaves, known, connections, pageInfo: definePageInfo(builder) }
  return { of: (schema, place) => shapeOf(projection, schema, place) }
}

const shapeOf = (projection: Projection, wrapped: z.core.$ZodType, place: string): OutputShape => {
  const { schema, optional, nullable, description } = unwrap(wrapped, 'output')
  const type = typeOf(projection, schema, place)
  return { type, nullable: optional || nullable || type === 'JSON', description }
}

const typeOf = (projection: Projection, schema: z.core.$ZodType, place: string): OutputShape['type'] => {
  if (schema instanceof z.ZodArray) return { list: shapeOf(projection, schema.element, place) }
  const page = pageShape(schema)
  if (page !== undefined) return connectionOf(projection, { schema, page, place })
  if (schema instanceof z.ZodObject && hasFields(schema))
    return once(projection, schema, () => defineObject(projection, schema, place))
  if (schema instanceof z.ZodUnion && schema.options.every(isObject))
    return once(projection, schema, () => defineUnion(projection, schema, place))
  return projection.leaves.of(schema, place)
}

const isObject = (schema: z.core.$ZodType): schema is z.ZodObject =>
  schema instanceof z.ZodObject && hasFields(schema)

/** An object that GraphQL cannot name the fields of is any JSON. */
const hasFields = ({ shape }: z.ZodObject): boolean => {
  const names = Object.keys(shape)
  return names.length > 0 && names.every(isName)
}

const once = (
  { known }: Projection,
  schema: z.core.$ZodType,
  define: () => OutputRef<unknown>,
): OutputRef<unknown> => {
  const origin = originOf(schema)
  const type = known.get(origin) ?? define()
  known.set(origin, type)
  return type
}

const defineObject = (projection: Projection, schema: z.ZodObject, place: string): OutputRef<unknown> => {
  const name = projection.names.nameOf(schema, place)
  const ref = projection.builder.objectRef<Parent>(name)
  // Before its fields are looked at: one of them may hold the type itself.
  projection.known.set(originOf(schema), ref)
  return implement(ref, fieldsOf(projection, schema.shape, name))
}

const fieldsOf = (
  projection: Projection,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  place: string,
): Fields =>
  Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [
      name,
      {
        shape: shapeOf(projection, schema, `${place}${pascal(name)}`),
        resolve: (parent: Parent) => parent[name],
      },
    ]),
  )

const implement = (
  ref: ReturnType<Builder['objectRef']>,
  fields: Fields,
  description?: string,
): OutputRef<unknown> =>
  ref.implement({
    ...(description === undefined ? {} : { description }),
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, { shape, resolve }]) => [
          name,
          t.field({
            type: fieldType(t, shape),
            nullable: shape.nullable,
            ...(shape.description === undefined ? {} : { description: shape.description }),
            resolve: (parent) => resolve(parent as Parent),
          }),
        ]),
      ),
  })

interface ListBuilder {
  listRef(type: Ref | ListRef, options: { nullable: boolean }): ListRef
}

/** The type as a field wants it. */
export const fieldType = (t: ListBuilder, { type }: OutputShape): Ref | ListRef =>
  typeof type === 'object' && 'list' in type
    ? t.listRef(fieldType(t, type.list), { nullable: type.list.nullable })
    : type

/** The members of a union are told apart by a literal that each has its own of, or else by what they accept. */
const defineUnion = (projection: Projection, schema: z.ZodUnion, place: string): OutputRef<unknown> => {
  const name = projection.names.nameOf(schema, place)
  const tag = schema instanceof z.ZodDiscriminatedUnion ? schema.def.discriminator : undefined
  const members = schema.options.filter(isObject).map((option, index) => ({
    option,
    ref: once(projection, option, () =>
      defineObject(projection, option, `${name}${memberName(option, tag) ?? index + 1}`),
    ),
  }))
  return projection.builder.unionType(name, {
    types: members.map(({ ref }) => ref as ReturnType<Builder['objectRef']>),
    resolveType: (value) => members.find(({ option }) => option.safeParse(value).success)?.ref.name,
  })
}

/** `SHORT_OF_STOCK` as `ShortOfStock`. */
const memberName = (option: z.ZodObject, tag: string | undefined): string | undefined => {
  const literal = tag === undefined ? undefined : option.shape[tag]
  if (!(literal instanceof z.ZodLiteral)) return undefined
  const words = String([...literal.values][0]).split(/[^A-Za-z\d]+/)
  return words.map((word) => pascal(word.toLowerCase())).join('')
}

const one = (type: Ref, nullable: boolean, description?: string): OutputShape => ({
  type,
  nullable,
  description,
})
const many = (shape: OutputShape): OutputShape => ({
  type: { list: shape },
  nullable: false,
  description: undefined,
})

/** Pages of the same items that tell nothing else are the same connection. */
const connectionOf = (
  projection: Projection,
  { schema, page, place }: { schema: z.core.$ZodType; page: PageShape; place: string },
): OutputRef<unknown> => {
  const isPlain = Object.keys(page.others).length === 0
  const key = originOf(isPlain ? page.item : schema)
  const connection = projection.connections.get(key) ?? defineConnection(projection, page, place)
  projection.connections.set(key, connection)
  return connection
}

/** A page as a relay-style connection. A page can be continued after its last item only: no other edge has a cursor. */
const defineConnection = (projection: Projection, page: PageShape, place: string): OutputRef<unknown> => {
  const node = shapeOf(projection, page.item, place.replace(/Result$/, 'Item'))
  const stem = typeof node.type === 'object' && 'name' in node.type ? node.type.name : place
  const edge = projection.builder.objectRef<Parent>(projection.names.claim(`${stem}Edge`))
  implement(edge, {
    node: { shape: node, resolve: (parent) => parent['node'] },
    cursor: {
      shape: one('String', true, 'Continues the list after this item; only the last item of a page has one'),
      resolve: (parent) => parent['cursor'],
    },
  })
  const connection = projection.builder.objectRef<Parent>(projection.names.claim(`${stem}Connection`))
  return implement(connection, {
    edges: { shape: many(one(edge, false)), resolve: edgesOf },
    nodes: { shape: many(node), resolve: (parent) => parent['items'] },
    pageInfo: { shape: one(projection.pageInfo, false), resolve: (parent) => parent },
    ...fieldsOf(projection, page.others, stem),
  })
}

const edgesOf = ({ items, nextCursor }: Parent): unknown => {
  const nodes = Array.isArray(items) ? (items as unknown[]) : []
  return nodes.map((node, index) => ({ node, cursor: index === nodes.length - 1 ? nextCursor : null }))
}

const definePageInfo = (builder: Builder): OutputRef<unknown> =>
  implement(builder.objectRef<Parent>('PageInfo'), {
    hasNextPage: {
      shape: one('Boolean', false),
      resolve: ({ nextCursor }) => typeof nextCursor === 'string',
    },
    endCursor: {
      shape: one('String', true, 'Give it as `after` to read on; null at the end of the list'),
      resolve: ({ nextCursor }) => nextCursor,
    },
  })
