import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { query } from '@comptoir/contracts/contract'
import { pageOf } from '@comptoir/contracts/page'
import { Price } from '@comptoir/contracts/money'
import { assertValidSchema, printType, type GraphQLSchema } from 'graphql'
import { z } from 'zod'
import { publicOperations } from '../../operations.ts'
import { graphqlSchema } from './schema.ts'

const printed = (schema: GraphQLSchema, name: string): string => {
  const type = schema.getType(name)
  return type === undefined ? '' : printType(type)
}

describe('the schema of the shop', () => {
  const schema = graphqlSchema(publicOperations(services))

  test('is valid and has a field for every operation that is not internal', () => {
    assertValidSchema(schema)
    const fields = ['query', 'mutation', 'subscription'].flatMap((kind) =>
      Object.keys(schema.getRootType(kind as 'query')?.getFields() ?? {}),
    )
    const operations = [...publicOperations(services).keys()]
    expect(fields.map((name) => name.toLowerCase()).toSorted()).toEqual(
      operations.map((path) => path.replace('.', '').toLowerCase()).toSorted(),
    )
  })

  test('names types as contracts do, and one schema is one type', () => {
    expect(printed(schema, 'Price')).toBe('type Price {\n  amountMinor: SafeInt!\n  currency: String!\n}')
    expect(printed(schema, 'PriceInput')).toContain('amountMinor: SafeInt!')
    expect(printed(schema, 'Totals')).toContain('tax: Price!')
    expect(printed(schema, 'OrderStatus')).toContain('  CONFIRMED\n')
    const numbered = Object.keys(schema.getTypeMap()).filter((name) => /\d$/.test(name))
    expect(numbered).toEqual([])
  })
})

test('two types that would have the same name have two', () => {
  const input = z.strictObject({ resultValue: z.enum(['a', 'b']) })
  const output = z.object({ value: z.enum(['c', 'd']) })
  const schema = graphqlSchema(
    publicOperations({ odd: { find: query({ summary: 'Find', access: 'public', input, output }) } }),
  )
  const names = Object.keys(schema.getTypeMap()).filter((name) => name.startsWith('OddFindResultValue'))
  expect(names.toSorted()).toEqual(['OddFindResultValue', 'OddFindResultValue2'])
})

describe('a schema of zod', () => {
  const find = (output: z.ZodType, input: z.ZodType = z.strictObject({})): GraphQLSchema =>
    graphqlSchema(
      publicOperations({ odd: { find: query({ summary: 'Find', access: 'public', input, output }) } }),
    )
  const fieldOf = (type: z.ZodType): string =>
    /value: (.*)/.exec(printed(find(z.object({ value: type })), 'OddFindResult'))?.[1] ?? ''
  const argumentOf = (type: z.ZodType): string =>
    /value: ([^)]*)\)/.exec(
      printed(find(z.object({ a: z.string() }), z.object({ value: type })), 'Query'),
    )?.[1] ?? ''

  test('of pages of the same items is one connection', () => {
    const schema = find(z.object({ few: pageOf(Price), many: pageOf(Price) }))
    expect(printed(schema, 'OddFindResult')).toContain('few: PriceConnection!\n  many: PriceConnection!')
  })

  test.each([
    [z.uuid(), 'ID!'],
    [z.iso.datetime(), 'DateTime!'],
    [z.url().nullable(), 'String'],
    [z.boolean().optional(), 'Boolean'],
    [z.number(), 'Float!'],
    [z.number().int(), 'SafeInt!'],
    [z.number().int().min(1).max(100), 'Int!'],
    [z.int32(), 'Int!'],
    [z.literal('a'), 'String!'],
    [z.array(z.array(z.uuid().nullable())), '[[ID]!]!'],
    [z.array(Price).nullish(), '[Price!]'],
    [z.record(z.string(), z.number()), 'JSON'],
    [z.unknown(), 'JSON'],
    [z.object({}), 'JSON'],
    [z.object({ 'no-name': z.string() }), 'JSON'],
    [z.union([z.uuid(), z.string()]), 'ID!'],
    [z.union([z.string(), z.number()]), 'JSON'],
    [z.enum(['a', 'b']), 'OddFindResultValue!'],
    [z.enum(['a b', 'a-b']), 'String!'],
    [z.object({ a: z.string() }), 'OddFindResultValue!'],
    [z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), 'OddFindResultValue!'],
    [pageOf(Price), 'PriceConnection!'],
    [z.number().int().min(0).max(9).default(3), 'Int!'],
  ])('is an output type %#: %s', (type, name) => {
    expect(fieldOf(type)).toBe(name)
  })

  test.each([
    [z.uuid(), 'ID!'],
    [z.string().nullable(), 'String'],
    [z.string().default('a'), 'String'],
    [z.array(Price), '[PriceInput!]!'],
    [z.object({ a: z.array(z.array(z.string())) }), 'OddFindValueInput!'],
    [z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), 'JSON!'],
  ])('is an input type %#: %s', (type, name) => {
    expect(argumentOf(type)).toBe(name)
  })
})
