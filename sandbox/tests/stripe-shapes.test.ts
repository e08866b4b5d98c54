import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'

// Stripe's published OpenAPI of 2022-04-12 (API version 2020-08-27), where it is at hand.
const root = join(import.meta.dir, '../..')
const file = ['shared', '../shared']
  .map((folder) => join(root, folder, 'data/stripe/spec3-2022-04-12.json.gz'))
  .find((path) => existsSync(path))
if (file === undefined) console.warn('Skipped: Stripe’s OpenAPI description is not at hand.')

type Schema = {
  $ref?: string
  type?: string
  nullable?: boolean
  enum?: unknown[]
  anyOf?: Schema[]
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
}

// What the API has renamed or taken away since 2020-08-27.
const changedSince = ['charges', 'refunds', 'capture_method', 'is_charge_refundable']

let sandbox: UnderTest
let schemas: Record<string, Schema> = {}
beforeAll(async () => {
  sandbox = startUnderTest()
  if (file === undefined) return
  const spec = JSON.parse(new TextDecoder().decode(Bun.gunzipSync(await Bun.file(file).bytes())))
  schemas = spec.components.schemas
})
afterAll(() => sandbox.stop())

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value

const faults = (schema: Schema, value: unknown, path: string): string[] => {
  if (schema.$ref !== undefined)
    return faults(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, value, path)
  if (value === null) return schema.nullable === true ? [] : [`${path} is null`]
  if (schema.anyOf !== undefined) {
    const tries = schema.anyOf.map((option) => faults(option, value, path))
    return tries.some((found) => found.length === 0)
      ? []
      : (tries.toSorted((a, b) => a.length - b.length)[0] ?? [])
  }
  const wanted = schema.type === 'number' && typeOf(value) === 'integer' ? 'integer' : schema.type
  if (wanted !== undefined && typeOf(value) !== wanted) return [`${path} is ${typeOf(value)}, not ${wanted}`]
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${path} is ${JSON.stringify(value)}`]
  if (Array.isArray(value))
    return value.flatMap((item, at) => faults(schema.items ?? {}, item, `${path}[${at}]`))
  return typeof value === 'object' ? propertyFaults(schema, { ...value }, path) : []
}

const propertyFaults = (schema: Schema, value: Record<string, unknown>, path: string): string[] => {
  const missing = (schema.required ?? [])
    .filter((name) => !(name in value) && !changedSince.includes(name))
    .map((name) => `${path}.${name} is missing`)
  const wrong = Object.entries(schema.properties ?? {})
    .filter(([name]) => name in value && !changedSince.includes(name))
    .flatMap(([name, inner]) => faults(inner, value[name], `${path}.${name}`))
  return [...missing, ...wrong]
}

test.skipIf(file === undefined)('every object has the shape of Stripe’s published description', async () => {
  const make = (payment_method: string): Promise<{ id: string; latest_charge: unknown }> =>
    sandbox.stripe.paymentIntents.create({ amount: 4250, currency: 'gbp', payment_method, confirm: true })
  const paid = await make('pm_card_visa')
  await sandbox.stripe.refunds.create({ payment_intent: paid.id, amount: 100 })
  await make('pm_card_createDispute')
  await make('pm_card_authenticationRequired')
  await make('pm_card_chargeDeclined').catch(() => undefined)
  const lists = await Promise.all([
    sandbox.stripe.paymentIntents.list(),
    sandbox.stripe.charges.list(),
    sandbox.stripe.refunds.list(),
    sandbox.stripe.events.list({ limit: 100 }),
    sandbox.stripe.balanceTransactions.list(),
  ])
  const disputes = (await sandbox.ledger('stripe'))['disputes'] ?? []
  const objects: { object?: unknown }[] = [
    ...lists.flatMap((list): { object: unknown }[] => list.data),
    ...disputes,
  ]
  expect(objects.length).toBeGreaterThan(20)
  for (const object of objects) {
    const name = String(object.object)
    expect(schemas[name]).toBeDefined()
    expect(faults(schemas[name] ?? {}, object, name)).toEqual([])
  }
})
