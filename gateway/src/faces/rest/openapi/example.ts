/** A valid example of a JSON Schema, made of nothing but the schema. */
import type { Json } from './json.ts'

export interface Examples {
  /** What a reference stands for. */
  resolve(reference: string): Json
}

/** An example; undefined where none is found, because a pattern wants text of a kind that is not among the samples. */
export const exampleOf = (schema: Json, examples: Examples, name = ''): unknown => {
  const { $ref, ...own } = schema
  if (typeof $ref === 'string') return exampleOf({ ...examples.resolve($ref), ...own }, examples, name)
  const [given] = listOf(schema['examples'])
  if (given !== undefined) return given
  if ('const' in schema) return schema['const']
  const [first] = listOf(schema['enum'])
  if (first !== undefined) return first
  const choice = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].find((one) => !isNull(one))
  if (choice !== undefined) return exampleOf(choice as Json, examples, name)
  return byType(schema, examples, name)
}

const byType = (schema: Json, examples: Examples, name: string): unknown => {
  const type = [schema['type']].flat().find((one) => one !== 'null')
  if (type === 'object') return objectOf(schema, examples)
  if (type === 'array') return arrayOf(schema, examples, name)
  if (type === 'string') return textOf(schema, name)
  if (type === 'integer' || type === 'number') return numberOf(schema, name)
  return type === 'boolean' ? true : null
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isNull = (schema: unknown): boolean => (schema as Json)['type'] === 'null'

const objectOf = (schema: Json, examples: Examples): Json | undefined => {
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
  const made = fields.map(([name, field]) => [name, exampleOf(field, examples, name)] as const)
  const found = made.filter(([, value]) => value !== undefined)
  const names = new Set(found.map(([name]) => name))
  const isWhole = listOf(schema['required']).every((name) => names.has(name as string))
  return isWhole ? Object.fromEntries(found) : undefined
}

const arrayOf = (schema: Json, examples: Examples, name: string): unknown[] | undefined => {
  const item = exampleOf((schema['items'] ?? {}) as Json, examples, name)
  if (item === undefined) return undefined
  return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => item)
}

/** By the name of the field, for those who read them; whatever does not fit the schema is passed over. */
const numbers: Readonly<Record<string, number>> = { amountMinor: 1250, quantity: 2, limit: 20, available: 40 }
const texts: Readonly<Record<string, string>> = {
  name: 'Blue mug',
  description: 'Stoneware, 300 ml',
  sku: 'MUG-BLUE',
  slug: 'blue-mug',
  q: 'mug',
  code: 'standard',
  currency: 'GBP',
  country: 'GB',
  city: 'London',
  line1: '12 St James Square',
  line2: 'Second floor',
  region: 'Greater London',
  postalCode: 'SW1Y 4JH',
  number: 'C-1042',
  password: 'correct horse battery staple',
  trackingNumber: 'PK-4711-2026',
}
const formats: Readonly<Record<string, string>> = {
  uuid: '01990000-0000-7000-8000-000000000001',
  'date-time': '2026-01-31T12:00:00.000Z',
  email: 'ada@example.com',
  uri: 'https://shop.example/blue-mug',
}
const samples = [
  'text',
  'GB',
  'GBP',
  'A-1',
  '+447700900123',
  'a text that is longer than most',
  '1',
  '/quantity',
]
const madeUp = new Set<unknown>(['text', 'A-1', 'a text that is longer than most', '1'])

/** Whether an example says nothing but that its schema takes it. */
export const isMadeUp = (example: unknown): boolean => [example].flat().some((one) => madeUp.has(one))

const numberOf = (schema: Json, name: string): number => {
  const least = Number(schema['minimum'] ?? Number.NEGATIVE_INFINITY)
  const most = Number(schema['maximum'] ?? Number.POSITIVE_INFINITY)
  return Math.min(Math.max(numbers[name] ?? 1, least), most)
}

const textOf = (schema: Json, name: string): string | undefined => {
  const format = formats[String(schema['format'])]
  return [texts[name], format, ...samples].find((text) => text !== undefined && fits(text, schema, format))
}

const fits = (text: string, schema: Json, format: string | undefined): boolean => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  const patterns = [schema, ...(listOf(schema['allOf']) as Json[])].flatMap(({ pattern }) => pattern ?? [])
  return (
    (format === undefined || text === format) &&
    text.length >= Number(minLength) &&
    text.length <= Number(maxLength) &&
    patterns.every((pattern) => new RegExp(pattern as string, 'u').test(text))
  )
}
