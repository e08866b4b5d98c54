// Requests made from /openapi.json, as it says and with something changed: what comes back is what it promises.
// FUZZ_RUNS raises their number, FUZZ_SEED repeats them.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Ajv2020 } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import * as fc from 'fast-check'
import { inLanes } from '../journeys/in-lanes.ts'
import { rowPrints } from '../journeys/row-prints.ts'
import { openDatabases } from '../stack/databases.ts'
import { breachesAtRest } from '../stack/invariants.ts'
import { enter, fillCart, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { createChance } from './chance.ts'
import { drawRequest, type Drawn } from './draw-request.ts'
import { createMemoryWatch } from './gateway-memory.ts'
import { faultIn } from './judge-answer.ts'
import { operationsOf, type Described } from './openapi-document.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 12_000)
const lanes = 8
const limitMs = 60_000 + runs * 20
const { seed } = createChance()
/** Each of these hashes a password, which is slow on purpose. */
/** Those with an account stand behind nobody and the guest. */
const accountsFrom = 2
/** Whoever has an account is nobody any more after one of these, for the rest of it. */
const endings = ['identity_deleteAccount', 'identity_logoutEverywhere']
const costly = ['identity_register', 'identity_login', 'identity_reauthenticate']

const ajv = addFormats.default(new Ajv2020({ strict: false, validateFormats: true }))

const memory = createMemoryWatch()
let stack: TestStack
let operations: readonly Described[]
let tokens: readonly (string | undefined)[]
let ids: readonly string[]

beforeAll(async () => {
  stack = await startTestStack({ env: { gateway: memory.env } })
  operations = operationsOf(await (await fetch(`${stack.gatewayUrl}/openapi.json`)).json())
  const guest = await enter(stack.shop)
  const account = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Hopper' }
  const customer = (await stack.shop('identity', 'register', account)).accessToken
  // Nobody's token here: what is done to this account stops no other request.
  const bystander = await stack.shop('identity', 'register', { ...account, email: 'joan@example.com' })
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, guest, [{ product, quantity: 1 }])
  const order = await place(stack.shop, guest)
  tokens = [undefined, guest.token, customer, stack.staffToken, stack.staffToken]
  ids = [product.variantId, order.id, bystander.subject, crypto.randomUUID()]
  for (const token of tokens) if (token !== undefined) await stack.shop('carts', 'getCart', {}, { token })
})
afterAll(() => stack?.stop().finally(memory.stop))

/** So many requests to every operation, few to the costly ones. */
const draw = (total: number, more: number): Drawn[] => {
  const each = Math.ceil(total / operations.length)
  return operations.flatMap((operation, index) => {
    const count = costly.includes(operation.operationId) ? Math.min(each, 6) : each
    const arbitrary = drawRequest(operation, { known: { ids }, callers: tokens.length })
    const drawn = fc.sample(arbitrary, { numRuns: count, seed: seed + more + index })
    return endings.includes(operation.operationId)
      ? drawn.filter(({ caller }) => caller < accountsFrom)
      : drawn
  })
}

/** A parameter as text. */
const written = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed()

/** Another route is another operation's business. */
const inPath = (value: unknown): string => (/^\.{0,2}$/.test(written(value)) ? 'empty' : written(value))

interface Answered {
  readonly drawn: Drawn
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const send = async (drawn: Drawn): Promise<Answered> => {
  const { operation, parameters, body, caller } = drawn
  const at = (place: string) => operation.parameters.filter((parameter) => parameter.in === place)
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    return encodeURIComponent(inPath(parameters[name] ?? 'missing'))
  })
  const extra = Object.keys(parameters).filter((name) => at('path').every((one) => one.name !== name))
  const inHeader = new Set(at('header').map(({ name }) => name))
  const query = new URLSearchParams(
    extra.filter((name) => !inHeader.has(name)).map((name) => [name, written(parameters[name])]),
  )
  const headers = Object.fromEntries(
    extra
      .filter((name) => inHeader.has(name))
      // What no header can hold cannot be sent either.
      .map((name) => [
        name,
        written(parameters[name])
          .replaceAll(/[^\x21-\x7e]/g, '!')
          .slice(0, 1_000),
      ]),
  )
  const token = tokens[caller]
  const response = await fetch(`${stack.gatewayUrl}${path}${query.size === 0 ? '' : `?${query}`}`, {
    method: operation.method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const text = isStream ? '' : await response.text()
  if (isStream) await response.body?.cancel()
  return { drawn, status: response.status, headers: response.headers, text }
}

/** What the document did not promise of an answer, in words. */
const broken = (answered: Answered): string | undefined => {
  const { drawn, status, headers, text } = answered
  const promised = drawn.operation.responses[String(status)]
  if (promised === undefined) return `${status} is not listed: ${text.slice(0, 200)}`
  const missing = Object.entries(promised.headers).find(
    ([name, { required }]) => required && !headers.has(name),
  )
  if (missing !== undefined) return `${status} has no ${missing[0]}`
  if (status >= 400) return faultIn({ status, headers, text }, '/v1')
  const type = headers.get('content-type')?.split(';')[0] ?? ''
  const content = promised.content?.[type]
  if (content === undefined) return text === '' ? undefined : `${type} is not listed for ${status}`
  if (type !== 'application/json' || content.schema === undefined) return undefined
  const validate = ajv.compile(content.schema)
  return validate(JSON.parse(text)) ? undefined : `${ajv.errorsText(validate.errors)}: ${text.slice(0, 300)}`
}

const named = (drawn: Drawn): string => {
  const { operation, parameters, body, caller } = drawn
  return JSON.stringify([operation.operationId, parameters, body, caller]).slice(0, 600)
}

const allPrints = async () => {
  await using databases = openDatabases(stack.databaseUrl)
  return await rowPrints(databases)
}

/** Whether the document itself forbids the request: its body, or what a parameter holds. */
const isForbidden = ({ operation, parameters, body }: Drawn): boolean => {
  const schema = operation.requestBody?.content['application/json'].schema
  if (schema !== undefined && !ajv.validate(schema, JSON.parse(JSON.stringify(body ?? {})))) return true
  return operation.parameters.some(({ name, in: place, schema }) => {
    if (place === 'header' || !(name in parameters)) return false
    // What a stream that was cut off resumes with takes the place of what it began with.
    if (name === 'lastEventId' && 'Last-Event-ID' in parameters) return false
    const text = place === 'path' ? inPath(parameters[name]) : written(parameters[name])
    return !ajv.validate(schema, text) && !ajv.validate(schema, parsed(text))
  })
}

/** What text may stand for. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

describe(`of ${runs} requests made from the document (FUZZ_SEED=${seed})`, () => {
  test(
    'those that it forbids are refused, and change no row',
    async () => {
      await until('the shop is at rest', async () =>
        (await breachesAtRest(stack)).length === 0 ? true : undefined,
      )
      const before = await allPrints()
      const forbidden = draw(runs / 2, 0).filter(isForbidden)
      expect(forbidden.length).toBeGreaterThan(runs / 20)
      const answered = await inLanes(lanes, forbidden, send)
      const done = answered.filter(({ status }) => status < 400).map(({ drawn }) => named(drawn))
      expect(done.slice(0, 3)).toEqual([])
      const faults = answered
        .map((one) => [broken(one), named(one.drawn)])
        .filter(([fault]) => fault !== undefined)
      expect(faults.slice(0, 3)).toEqual([])
      expect(await allPrints()).toEqual(before)
    },
    limitMs,
  )

  test(
    'all are answered as it says: by a status that it lists, with a body of its schema',
    async () => {
      const gateway = stack.processes.get('gateway')
      const drawn = draw(runs / 2, 1_000)
      const half = Math.ceil(drawn.length / 2)
      const answered: Answered[] = []
      for (const from of [0, half]) {
        answered.push(...(await inLanes(lanes, drawn.slice(from, from + half), send)))
        await memory.look(gateway)
      }
      const faults = answered
        .map((one) => [broken(one), named(one.drawn)])
        .filter(([fault]) => fault !== undefined)
      expect(faults.slice(0, 5)).toEqual([])
      // Only what is done at times shows anything of answers.
      const succeeded = new Set(
        answered.filter(({ status }) => status < 300).map(({ drawn }) => drawn.operation.operationId),
      )
      expect(succeeded.size).toBeGreaterThan(operations.length / 2)
      expect((await fetch(`${stack.gatewayUrl}/readyz`)).status).toBe(200)
    },
    limitMs,
  )

  test('none leaves anything behind: the gateway takes no more than a tenth above what it took before the last of them', () => {
    const [before, end] = memory.looks
    console.log(`the gateway kept ${JSON.stringify(before)} before and ${JSON.stringify(end)} at the end`)
    expect(end?.heap).toBeLessThan((before?.heap ?? 0) * 1.1)
    expect(end?.rss).toBeLessThan((before?.rss ?? 0) * 1.1)
  })
})
