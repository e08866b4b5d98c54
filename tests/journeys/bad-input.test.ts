// Whatever is wrong with a request is named in a problem document, with the right status, and changes nothing.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import type { Contract } from '@comptoir/contracts/contract'
import { commonErrors, Problem } from '@comptoir/contracts/errors'
import { openDatabases } from '../stack/databases.ts'
import { breachesAtRest } from '../stack/invariants.ts'
import { enter, fillCart, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { ask, type Answer, type Asking } from './ask.ts'
import type { Fault, Scene } from './fault.ts'
import { restFaults } from './rest-faults.ts'
import { rowPrints } from './row-prints.ts'
import { trpcFaults } from './trpc-faults.ts'

let stack: TestStack
let scene: Scene
let prints: Record<string, string>

beforeAll(async () => {
  stack = await startTestStack()
  const { token } = await enter(stack.shop)
  await stack.shop('carts', 'getCart', {}, { token })
  const owner = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, owner, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, owner)
  const { staffToken } = stack
  scene = { token, orderId, ownerToken: owner.token, staffToken, variantId: product.variantId }
  expect(await breachesAtRest(stack)).toEqual([])
  prints = await allPrints()
})
afterAll(() => stack?.stop())

const allPrints = async () => {
  await using databases = openDatabases(stack.databaseUrl)
  return await rowPrints(databases)
}

/** The status of every code, common or declared. */
const statusOf = (code: string): number => {
  const contracts: readonly Contract[] = Object.values(services)
  const declared = contracts.flatMap((contract) =>
    Object.values(contract).flatMap(({ errors = {} }) => Object.entries(errors)),
  )
  const [, found] = [...Object.entries(commonErrors), ...declared].find(([name]) => name === code) ?? []
  return found?.status ?? 0
}

const send = ([, , path, asking]: Fault): { path: string; answer: Promise<Answer> } => {
  const where = typeof path === 'string' ? path : path(scene)
  return { path: where, answer: ask(`${stack.gatewayUrl}${where}`, asking(scene)) }
}

const named = (faults: readonly Fault[]) =>
  faults.map((fault) => ({ what: fault[0], code: fault[1], pointer: fault[4], fault }))

const nothingInside = (text: string): void => {
  for (const inside of ['"stack"', 'node_modules', '.ts:', 'at async', 'select ', 'postgres', '127.0.0.1'])
    expect(text).not.toContain(inside)
}

const pointersOf = ({ errors }: Problem) => errors?.map(({ pointer }) => pointer)

describe('over REST', () => {
  test.each(named(restFaults))('$what is $code', async ({ code, pointer, fault }) => {
    const sent = send(fault)
    const { status, headers, body, text } = await sent.answer
    expect([status, headers.get('content-type')]).toEqual([statusOf(code), 'application/problem+json'])
    const problem = Problem.parse(body)
    expect(problem).toMatchObject({ code, status, instance: new URL(sent.path, stack.gatewayUrl).pathname })
    expect(problem.requestId).toBe(headers.get('x-request-id') ?? 'missing')
    expect(problem.detail.length).toBeGreaterThan(5)
    if (pointer !== undefined) expect(pointersOf(problem)).toContain(pointer)
    if (status === 401) expect(headers.get('www-authenticate')).toBe('Bearer')
    nothingInside(text)
  })

  test('changed no row', async () => {
    expect(await allPrints()).toEqual(prints)
  })
})

const errorOf = ({ body }: Answer) => {
  const [told] = (Array.isArray(body) ? body : [body]) as unknown[]
  return (told as { error?: { data?: { code?: string; httpStatus?: number; problem?: unknown } } }).error
    ?.data
}

describe('over tRPC', () => {
  test.each(named(trpcFaults))('$what is $code', async ({ code, pointer, fault }) => {
    const answer = await send(fault).answer
    const status = statusOf(code)
    expect(answer.status).toBe(status)
    const data = errorOf(answer)
    expect(data).toMatchObject({ code, httpStatus: status })
    const problem = Problem.parse(data?.problem)
    expect(problem).toMatchObject({ code, status })
    if (pointer !== undefined) expect(pointersOf(problem)).toContain(pointer)
    expect(answer.headers.get('x-request-id')).not.toBeNull()
    nothingInside(answer.text)
  })

  test.each([11, 200])('a batch of %d calls is refused as a whole', async (count) => {
    const paths = Array.from({ length: count }, () => 'carts.clearCart').join(',')
    const { token } = scene
    const answer = await ask(`${stack.gatewayUrl}/trpc/${paths}?batch=1`, { token, body: {} })
    expect([answer.status, errorOf(answer)?.code]).toEqual([400, 'MALFORMED_REQUEST'])
    nothingInside(answer.text)
  })

  test('changed no row', async () => {
    expect(await allPrints()).toEqual(prints)
  })
})

test('an absurd address, header or method is answered, and the shop goes on', async () => {
  const { token } = scene
  const absurd: readonly [string, Asking][] = [
    [`/v1/products/${'a'.repeat(10_000)}`, {}],
    ['/v1/products/%E0%A4%A', {}],
    ['/v1/products/%00', {}],
    ['/v1/orders?q=%FF%FE', { token }],
    [`/v1/products?q=${'%27%3B--'.repeat(10)}`, {}],
    ['/v1/cart', { token, headers: { 'idempotency-key': 'a\tb' } }],
    ['/v1/cart', { token: 'x'.repeat(12_000) }],
    ['/trpc/%E0%A4%A', {}],
    ['/trpc/,,,,?batch=1', {}],
  ]
  for (const [path, asking] of absurd) {
    const { status, text } = await ask(`${stack.gatewayUrl}${path}`, asking)
    expect([path.slice(0, 40), status < 500]).toEqual([path.slice(0, 40), true])
    nothingInside(text)
  }
  expect((await ask(`${stack.gatewayUrl}/readyz`)).status).toBe(200)
  expect(await allPrints()).toEqual(prints)
})
