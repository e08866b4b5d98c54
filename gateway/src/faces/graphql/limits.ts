/** How much one request may ask for, told before anything of it is done. */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'
import { defaultLimit } from '@comptoir/contracts/page'
import {
  getNamedType,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  getNullableType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

const depthMax = 8
const aliasesMax = 15
const costMax = 1_000
/** What a field of the root costs by itself: it is a call to a service. */
const callCost = 10
/** What a list is taken to hold that has no pages. */
const listSize = 10
const pageMax = 100

/** A valid document and what it is run with. */
export interface Asked {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

interface Measure {
  readonly depth: number
  readonly aliases: number
  /** Fields, each as often as the lists around it may repeat it. */
  readonly cost: number
}

/** Why the operation is not run; undefined when it may be. The document has been validated: fragments have no cycles. */
export const excess = (asked: Asked): ServiceError | undefined => {
  const { depth, aliases, cost } = measureOperation(asked)
  if (depth > depthMax) return tooMuch(`The operation is ${depth} levels deep; ${depthMax} are taken.`)
  if (aliases > aliasesMax) return tooMuch(`The operation has ${aliases} aliases; ${aliasesMax} are taken.`)
  if (cost > costMax)
    return tooMuch(
      `The operation costs ${cost}, which counts its fields once per item; ${costMax} are taken.`,
    )
  return undefined
}

const tooMuch = (message: string): ServiceError => commonError('MALFORMED_REQUEST', { message })

const measureOperation = ({ schema, document, operation, variables }: Asked): Measure => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  const root = schema.getRootType(operation.operation) ?? undefined
  const measured = new Map<string, Measure>()

  const ofSelections = (
    { selections }: SelectionSetNode,
    type: GraphQLNamedType | undefined,
    pageSize?: number,
  ): Measure =>
    together(
      selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, type, pageSize)
        if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value, pageSize)
        const narrowed = selection.typeCondition?.name.value
        const inner = narrowed === undefined ? type : schema.getType(narrowed)
        return ofSelections(selection.selectionSet, inner, pageSize)
      }),
    )

  // Measured once however often it is spread: fragments of fragments can multiply without end.
  const ofFragment = (name: string, pageSize: number | undefined): Measure => {
    const key = `${name} ${pageSize}`
    const fragment = fragments.get(name)
    if (fragment === undefined) return nothing
    const type = schema.getType(fragment.typeCondition.name.value)
    const measure = measured.get(key) ?? ofSelections(fragment.selectionSet, type, pageSize)
    measured.set(key, measure)
    return measure
  }

  const ofField = (
    node: FieldNode,
    parent: GraphQLNamedType | undefined,
    pageSize: number | undefined,
  ): Measure => {
    const field = fieldOf(parent, node.name.value)
    const aliases = node.alias === undefined ? 0 : 1
    const own = parent === root ? callCost : 1
    // Introspection has its own limits.
    if (node.selectionSet === undefined || field === undefined) return { depth: 1, aliases, cost: own }
    const below = ofSelections(
      node.selectionSet,
      getNamedType(field.type),
      pageSizeOf(field, node, variables),
    )
    const size = isList(field) ? (pageSize ?? listSize) : 1
    return { depth: below.depth + 1, aliases: below.aliases + aliases, cost: own + size * below.cost }
  }
  return ofSelections(operation.selectionSet, root)
}

const nothing: Measure = { depth: 0, aliases: 0, cost: 0 }

const together = (measures: readonly Measure[]): Measure =>
  measures.reduce(
    (sum, one) => ({
      depth: Math.max(sum.depth, one.depth),
      aliases: sum.aliases + one.aliases,
      cost: sum.cost + one.cost,
    }),
    nothing,
  )

type Field = GraphQLField<unknown, unknown>

const fieldOf = (type: GraphQLNamedType | undefined, name: string): Field | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined

const isList = ({ type }: Field): boolean =>
  isListType(getNullableType(type)) && isCompositeType(getNamedType(type))

/** How many items the lists of a connection hold; undefined for a field that is none. */
const pageSizeOf = (field: Field, node: FieldNode, variables: Asked['variables']): number | undefined => {
  if (!field.args.some(({ name }) => name === 'first')) return undefined
  const value = node.arguments?.find(({ name }) => name.value === 'first')?.value
  if (value === undefined || value.kind === Kind.NULL) return defaultLimit
  const size = value.kind === Kind.INT ? Number(value.value) : undefined
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : size
  if (given === undefined || given === null) return defaultLimit
  return typeof given === 'number' && given >= 0 ? given : pageMax
}
