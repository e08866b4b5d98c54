/** The GraphQL schema of every operation, made of the contracts. */
import type { GraphQLSchema } from 'graphql'
import type { Operations } from '../../operations.ts'
import { createBuilder, type ArgumentBuilder, type Builder } from './builder.ts'
import { createInputTypes, optionsOf } from './input-types.ts'
import { createLeafTypes } from './leaf-types.ts'
import { createOutputTypes, fieldType, type OutputShape } from './output-types.ts'
import { idempotencyKeyOf, rootField, type RootField } from './root-fields.ts'
import { createTypeNames } from './type-names.ts'

export const graphqlSchema = (operations: Operations): GraphQLSchema => {
  const builder = createBuilder()
  const names = createTypeNames()
  const leaves = createLeafTypes(builder, names)
  const types = {
    outputs: createOutputTypes(builder, names, leaves),
    inputs: createInputTypes(builder, names, leaves),
  }
  const fields = [...operations.values()].map((operation) => rootField(operation, types))
  const of = (kind: string) => fields.filter(({ operation }) => operation.contract.kind === kind)
  addQueries(builder, of('query'))
  addMutations(builder, of('mutation'))
  addSubscriptions(builder, of('subscription'))
  return builder.toSchema()
}

/** A field of the root may fail while the others have their answers, so it may always be null. */
const nullable = true
const done: OutputShape = { type: 'Boolean', nullable, description: undefined }

const addQueries = (builder: Builder, fields: readonly RootField[]): void => {
  builder.queryType({
    fields: (t) =>
      Object.fromEntries(
        fields.map(({ name, operation, description, output = done, args, inputOf }) => [
          name,
          t.field({
            type: fieldType(t, output),
            nullable,
            description,
            args: argumentsOf(t.arg, args),
            resolve: (_root, given, { caller }) => caller.query(operation, inputOf(given)),
          }),
        ]),
      ),
  })
}

const addMutations = (builder: Builder, fields: readonly RootField[]): void => {
  if (fields.length === 0) return
  builder.mutationType({
    fields: (t) =>
      Object.fromEntries(
        fields.map(({ name, operation, description, output, args, inputOf }) => [
          name,
          t.field({
            type: fieldType(t, output ?? done),
            nullable,
            description,
            args: argumentsOf(t.arg, args),
            resolve: async (...[, given, { caller, idempotencyKey }, info]) => {
              const key = idempotencyKeyOf(given['idempotencyKey'], idempotencyKey, info)
              const data = await caller.mutate(operation, inputOf(given), key)
              return output === undefined ? true : data
            },
          }),
        ]),
      ),
  })
}

const addSubscriptions = (builder: Builder, fields: readonly RootField[]): void => {
  if (fields.length === 0) return
  builder.subscriptionType({
    fields: (t) =>
      Object.fromEntries(
        fields.map(({ name, operation, description, output = done, args, inputOf }) => [
          name,
          t.field({
            type: fieldType(t, output),
            nullable,
            description,
            args: argumentsOf(t.arg, args),
            subscribe: (_root, given, { caller }) => caller.watch(operation, inputOf(given)),
            resolve: (item) => item,
          }),
        ]),
      ),
  })
}

const argumentsOf = (arg: ArgumentBuilder, args: RootField['args']) =>
  Object.fromEntries(Object.entries(args).map(([name, shape]) => [name, arg(optionsOf(arg, shape))]))
