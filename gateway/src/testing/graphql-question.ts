// A question for any field of the root: with whatever arguments are needed, and nothing asked of the answer.
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql'

export const questionOf = (kind: string, field: GraphQLField<unknown, unknown>): string => {
  const needed = field.args.filter(({ type }) => isNonNullType(type))
  const given = needed.map(({ name, type }) => `${name}: ${valueOf(type)}`).join(', ')
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''
  return `${kind} { ${field.name}${given === '' ? '' : `(${given})`}${selection} }`
}

const valueOf = (type: GraphQLInputType): string => {
  if (isNonNullType(type)) return valueOf(type.ofType)
  if (isListType(type)) return `[${valueOf(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (!isInputObjectType(type)) return scalars[type.name] ?? '"text"'
  const fields = Object.values(type.getFields()).filter(isRequiredInputField)
  return `{ ${fields.map(({ name, type }) => `${name}: ${valueOf(type)}`).join(', ')} }`
}

const scalars: Readonly<Record<string, string>> = { Int: '1', SafeInt: '1', Float: '1.5', Boolean: 'true' }
