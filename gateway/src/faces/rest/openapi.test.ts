import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { Problem } from '@comptoir/contracts/errors'
import { z } from 'zod'
import { publicOperations } from '../../operations.ts'
import { openApi } from './openapi.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
}

interface Media {
  readonly schema: { readonly properties?: object; readonly $ref?: string }
  readonly example?: unknown
  readonly examples?: Record<string, { readonly value: unknown }>
}

interface Answer {
  readonly headers: object
  readonly content?: Record<string, Media>
}

interface Described {
  readonly operationId: string
  readonly description: string
  readonly parameters: readonly object[]
  readonly requestBody?: { readonly content: Record<string, Media> }
  readonly responses: Record<string, object>
  readonly security: readonly object[]
}

const operations = publicOperations(services)
const document = openApi(operations, { cookies: true, oauth: true }) as {
  openapi: string
  paths: Record<string, Record<string, Described>>
  tags: readonly { name: string; description: string }[]
  components: { securitySchemes: Record<string, object> }
}
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

/** The part itself, where it is only referred to. */
const resolved = <T>(part: object | undefined): T => {
  const { $ref } = (part ?? {}) as { $ref?: string }
  if ($ref === undefined) return part as T
  return $ref
    .split('/')
    .slice(1)
    .reduce<unknown>((found, name) => (found as Record<string, unknown>)[name], document) as T
}
const contractOf = ({ operationId }: Described) => {
  const found = operations.get(operationId.replace('_', '.'))
  if (found === undefined) throw new Error(`There is no ${operationId}`)
  return found.contract
}
const answersOf = ({ responses }: Described) =>
  Object.entries(responses).map(([status, answer]) => ({ status, ...resolved<Answer>(answer) }))

test('describes every operation that has a route, under an id of its own', () => {
  const routes = [...operations.values()].filter(({ contract }) => contract.http !== undefined)
  const ids = described.map(({ operation }) => operation.operationId)
  expect(ids.toSorted()).toEqual(routes.map(({ service, name }) => `${service}_${name}`).toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test.each([
  ['orders_cancelOrder', 'People who hold `orders:write` have to have proved'],
  ['orders_cancelOrder', '`payments:refund`'],
  ['identity_exportAccount', 'People have to have proved within the last ten minutes who they are.'],
])('says of %s who has to prove who they are, and with which rights: %s', (id, words) => {
  const operation = described.find((one) => one.operation.operationId === id)?.operation
  expect(operation?.description).toContain(words)
  expect(JSON.stringify(operation && answersOf(operation))).toContain('REAUTHENTICATION_REQUIRED')
})

test('has no internal operation, and says what each group is for', () => {
  expect(JSON.stringify(document)).not.toContain('reserveStock')
  for (const { description } of document.tags) expect(description.length).toBeGreaterThan(20)
})

const credentials = ['accessToken', 'session', 'apiKey', 'oauth2']

test('names every credential that does, with the right that it must hold', () => {
  expect(document.components.securitySchemes).toMatchObject({
    accessToken: { type: 'http', scheme: 'bearer' },
    session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
    apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'ck_live_…' },
    oauth2: {
      type: 'oauth2',
      flows: {
        clientCredentials: { tokenUrl: '/oauth/token', scopes: { 'orders:read': expect.any(String) } },
        authorizationCode: { authorizationUrl: '/oauth/authorize', scopes: { account: expect.any(String) } },
      },
    },
  })
  const securityOf = (path: string, method: string) => document.paths[path]?.[method]?.security
  expect(securityOf('/v1/products', 'get')).toEqual([{}, ...credentials.map((name) => ({ [name]: [] }))])
  expect(securityOf('/v1/me', 'get')).toEqual([{ accessToken: [] }, { session: [] }, { oauth2: ['account'] }])
  expect(securityOf('/v1/products', 'post')).toEqual(
    credentials.map((name) => ({ [name]: ['catalog:write'] })),
  )
  expect(securityOf('/v1/orders/{orderId}', 'get')).toEqual([
    { accessToken: [] },
    { session: [] },
    { apiKey: ['orders:read'] },
    { oauth2: ['account'] },
    { oauth2: ['orders:read'] },
  ])
  // Nobody acts for somebody on what keeps the somebody safe.
  expect(securityOf('/v1/api-keys', 'post')).toEqual([
    { accessToken: ['clients:write'] },
    { session: ['clients:write'] },
  ])
  const less = JSON.stringify(openApi(operations, { cookies: false, oauth: false }))
  expect(less).not.toMatch(/"(session|oauth2)":\[/)
})

test('leads every reference somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, $ref]) => $ref)
  expect(references.length).toBeGreaterThan(500)
  for (const $ref of new Set(references)) expect([$ref, resolved({ $ref })]).not.toEqual([$ref, undefined])
})

describe.each(described)('$method $path', ({ path, method, operation }) => {
  const contract = contractOf(operation)
  const parameters = operation.parameters.map((parameter) => resolved<Parameter>(parameter))
  const named = (place: string) => parameters.filter(({ in: at }) => at === place).map(({ name }) => name)
  const body = operation.requestBody?.content['application/json']
  const answers = answersOf(operation)
  const success = answers.find(({ status }) => status.startsWith('2'))
  const errors = answers.filter(({ status }) => /^[45]/.test(status))

  test('declares exactly the parameters of its path', () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    expect(named('path').toSorted()).toEqual(inPath.toSorted())
  })

  test('takes each field of its input in one place', () => {
    const fields = contract.input instanceof z.ZodObject ? Object.keys(contract.input.shape) : []
    const inBody = Object.keys(resolved<Media['schema'] | undefined>(body?.schema)?.properties ?? {})
    expect([...named('path'), ...named('query'), ...inBody].toSorted()).toEqual(fields.toSorted())
    if (method === 'get') expect(inBody).toEqual([])
  })

  test('has headers for what its contract promises', () => {
    const guarded = contract.kind === 'mutation' && contract.concurrency !== undefined
    const keeps = contract.kind === 'mutation' && contract.idempotent !== undefined
    expect(named('header').includes('If-Match')).toBe(guarded)
    expect(named('header').includes('Idempotency-Key')).toBe(keeps)
    expect(Object.hasOwn(success?.headers ?? {}, 'Idempotency-Replayed')).toBe(keeps)
    expect(Object.hasOwn(operation.responses, '412')).toBe(guarded)
  })

  test('leads to what it creates only where that can be got', () => {
    const location = Object.hasOwn(success?.headers ?? {}, 'Location')
    const gettable = described.some(
      (other) =>
        other.method === 'get' && other.path.replace(/\/\{\w+\}$/, '') === path && other.path !== path,
    )
    const creates = contract.http?.status === 201 && contract.output instanceof z.ZodObject
    expect(location).toBe(creates && gettable && 'id' in contract.output.shape)
  })

  test('shows examples of its query that its contract takes', () => {
    const shown = parameters.filter((one) => one.in === 'query' && 'example' in one)
    if (shown.length === 0 || !(contract.input instanceof z.ZodObject)) return
    const { shape } = contract.input
    for (const one of shown) (shape[one.name] as z.ZodType).parse((one as unknown as Media).example)
  })

  test('promises what is left of a quota unless the answer may come before anybody is counted', () => {
    const uncounted = answers.filter(({ headers }) => !Object.hasOwn(headers, 'RateLimit'))
    const { cacheSeconds } = contract as { cacheSeconds?: number }
    const kept = contract.access === 'public' && cacheSeconds !== undefined ? ['200', '304'] : []
    expect(uncounted.map(({ status }) => status).toSorted()).toEqual([...kept, '400'])
  })

  test('shows an example that its contract takes, and one that it may answer', () => {
    const inPath = parameters.filter(({ in: at }) => at === 'path')
    const fromPath = Object.fromEntries(
      inPath.map((parameter) => [parameter.name, (parameter as unknown as Media).example]),
    )
    if (body !== undefined) contract.input.parse({ ...fromPath, ...(body.example as object) })
    if (contract.kind === 'subscription' || success?.content === undefined) return
    contract.output.parse(success.content['application/json']?.example)
  })

  test('tells one success, and every error that may come as a problem document with an example', () => {
    expect(answers.filter(({ status }) => status.startsWith('2'))).toHaveLength(1)
    const told = errors.flatMap(({ status, content, headers }) => {
      const problems = Object.entries(content?.['application/problem+json']?.examples ?? {})
      expect(Object.keys(content ?? {})).toEqual(['application/problem+json'])
      expect(headers).toHaveProperty('X-Request-Id')
      for (const [code, { value }] of problems)
        expect(Problem.parse(value)).toMatchObject({ code, status: Number(status) })
      return problems.map(([code]) => code)
    })
    expect(told).toEqual(expect.arrayContaining(Object.keys(contract.errors ?? {})))
    for (const code of ['UNAUTHENTICATED', 'INVALID_INPUT', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'])
      expect(told).toContain(code)
    expect(operation.security.length).toBeGreaterThan(0)
  })
})
