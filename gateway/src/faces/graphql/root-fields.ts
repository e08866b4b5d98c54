/**
 * The operations as fields of Query, Mutation and Subscription, each called `<service><Procedure>` such as
 * `catalogListProducts`. They are flat rather than nested by service, because GraphQL runs only the fields of the root one
 * after the other, as mutations must be.
 */
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { commonError } from '@comptoir/contracts/errors'
import { defaultLimit } from '@comptoir/contracts/page'
import { Kind, type GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { Operation } from '../../operations.ts'
import type { InputShape, InputTypes } from './input-types.ts'
import { inputValue } from './input-value.ts'
import type { OutputShape, OutputTypes } from './output-types.ts'
import { pageShape } from './page-shape.ts'
import { isName, pascal } from './type-names.ts'
import { unwrap } from './unwrap.ts'

export interface RootField {
  readonly operation: Operation
  readonly name: string
  readonly description: string
  /** Undefined for an operation that answers nothing: the field is then true. */
  readonly output: OutputShape | undefined
  readonly args: Readonly<Record<string, InputShape>>
  /** The procedure’s input, made of the arguments. */
  inputOf(args: Readonly<Record<string, unknown>>): unknown
}

/** Projects one operation. */
export const rootField = (
  operation: Operation,
  types: { inputs: InputTypes; outputs: OutputTypes },
): RootField => {
  const { service, contract } = operation
  const place = `${pascal(service)}${pascal(operation.name)}`
  const { schema: output } = unwrap(contract.output, 'output')
  const isNothing = output instanceof z.ZodNull || output instanceof z.ZodVoid
  const isPage = pageShape(output) !== undefined
  const names = isPage ? pageArguments : {}
  const fields = argumentsOf(contract.input)
  return {
    operation,
    name: `${service}${pascal(operation.name)}`,
    description: describe(contract),
    output: isNothing ? undefined : types.outputs.of(contract.output, `${place}Result`),
    args: Object.fromEntries([
      ...Object.entries(fields).map(([name, schema]) => [
        names[name] ?? name,
        {
          ...types.inputs.of(schema, `${place}${pascal(name)}`),
          ...(isPage && name in pageDescriptions ? { description: pageDescriptions[name] } : {}),
        },
      ]),
      ...ownArguments(contract),
    ]),
    inputOf: ({ idempotencyKey: _key, ...args }) => {
      const given = Object.fromEntries(
        Object.keys(fields).flatMap((name) => {
          const value = args[names[name] ?? name]
          return value === undefined ? [] : [[name, value]]
        }),
      )
      return isFlat(contract.input) ? inputValue(contract.input, given) : given['input']
    },
  }
}

/** What a page’s input calls `limit` and `cursor`, and a connection by other names. */
const pageArguments: Readonly<Record<string, string>> = { limit: 'first', cursor: 'after' }
const pageDescriptions: Readonly<Record<string, string>> = {
  limit: `How many items; ${defaultLimit} unless told`,
  cursor: '`endCursor` of the page before',
}

const argumentsOf = (input: z.ZodType): Readonly<Record<string, z.core.$ZodType>> =>
  isFlat(input) ? input.shape : { input }

const isFlat = (input: z.ZodType): input is z.ZodObject =>
  input instanceof z.ZodObject && Object.keys(input.shape).every(isName)

const ownArguments = (contract: ProcedureContract): [string, InputShape][] => {
  if (contract.kind !== 'mutation' || contract.idempotent === undefined) return []
  const description =
    'Repeats with the same key get the first answer; the header Idempotency-Key says the same for a request with one mutation'
  return [['idempotencyKey', { type: 'String', required: false, description }]]
}

const describe = ({ summary, errors = {} }: ProcedureContract): string => {
  const codes = Object.keys(errors).map((code) => `\`${code}\``)
  return codes.length === 0 ? summary : `${summary}\n\nErrors: ${codes.join(', ')}`
}

/** The key of one mutation: its own argument, or the request’s header where that can mean nothing else. */
export const idempotencyKeyOf = (
  argument: unknown,
  header: string | undefined,
  { operation }: GraphQLResolveInfo,
): string | undefined => {
  if (typeof argument === 'string') return argument
  if (header === undefined) return undefined
  const [only, ...others] = operation.selectionSet.selections
  if (others.length === 0 && only?.kind === Kind.FIELD) return header
  throw commonError('INVALID_INPUT', {
    message: 'The header Idempotency-Key is for a single mutation; give each of several its idempotencyKey.',
  })
}
