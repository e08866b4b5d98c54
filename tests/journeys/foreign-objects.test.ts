// What belongs to somebody else does not exist: every operation of a shopper that names a thing by its id.
import { beforeAll, describe, expect, test } from 'bun:test'
import type { Access } from '@comptoir/contracts/access'
import { openDatabases } from '../stack/databases.ts'
import { awaitStatus, enter, fillCart, pay, place, type Order } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { ask, type Answer } from './ask.ts'
import { codeOf, operations, type ContractedOperation } from './operation-calls.ts'

let stack: TestStack
let order: Order
let addressId: string
let sessionId: string
let linkId: string
const tokens: Record<string, string> = {}
const home = { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' }

beforeAll(async () => {
  stack = await sharedStack()
  const { shop, products } = stack
  const owner = await enter(shop)
  const [product] = products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(shop, owner, [{ product, quantity: 1 }])
  const { id: orderId } = await place(shop, owner)
  await pay(stack, owner, orderId)
  order = await awaitStatus(stack, { token: owner.token, orderId }, 'confirmed')
  tokens['the owner'] = owner.token
  tokens['another guest'] = (await enter(shop)).token
  const register = async (email: string) => {
    const account = { email, password: 'a long enough password', name: 'Eve' }
    return (await shop('identity', 'register', account)).accessToken
  }
  tokens['a customer'] = await register('eve@example.com')
  const token = await register(`ada.${crypto.randomUUID()}@example.com`)
  addressId = (await shop('identity', 'addAddress', { address: home }, { token })).id
  const { items } = await shop('identity', 'listSessions', {}, { token })
  sessionId = items[0]?.id ?? ''
  linkId = await linkTo((await shop('identity', 'getMe', {}, { token })).id)
  tokens['staff'] = stack.staffToken
}, 60_000)

/** Links somebody to an account at a provider, where they need not go for this. */
const linkTo = async (userId: string): Promise<string> => {
  await using databases = openDatabases(stack.databaseUrl)
  const id = crypto.randomUUID()
  await databases.identity`
    insert into external_identities (id, issuer, subject, user_id, linked_at)
    values (${id}, 'https://idp.example', 'ada', ${userId}, now())`
  return id
}

/** What everybody may see, and therefore name. */
const everybodys = ['variantId', 'productId', 'categoryId', 'lastEventId']

const isShoppers = (access: Access): boolean =>
  access === 'guest' || access === 'customer' || typeof access === 'object'

const namedIds = ({ declaration: { input } }: ContractedOperation): string[] =>
  Object.keys('shape' in input ? (input.shape as object) : {}).filter(
    (field) => field.endsWith('Id') && !everybodys.includes(field),
  )

/** Reads first: the last ones change what the others ask for. */
const owned = operations
  .filter((operation) => isShoppers(operation.declaration.access) && namedIds(operation).length > 0)
  .toSorted((a, b) => rank(a) - rank(b))

function rank({ declaration: { kind } }: ContractedOperation): number {
  return kind === 'mutation' ? 1 : 0
}

/** The ids of things of others, by the field that names them. */
const belongings = (): Readonly<Record<string, string>> => ({
  orderId: order.id,
  addressId,
  sessionId,
  linkId,
})

const absent = '01900000-0000-7000-8000-000000000000'

const inputFor = (operation: ContractedOperation, ids: Readonly<Record<string, string>>) =>
  Object.fromEntries(namedIds(operation).map((field) => [field, ids[field] ?? absent]))

const overTrpc = (operation: ContractedOperation, input: object, token: string | undefined) => {
  const url = `${stack.gatewayUrl}/trpc/${operation.path}`
  const headers = { 'idempotency-key': crypto.randomUUID() }
  return operation.declaration.kind === 'mutation'
    ? ask(url, { token, headers, body: input })
    : ask(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { token })
}

const overRest = (
  { declaration: { http } }: ContractedOperation,
  input: Readonly<Record<string, string>>,
  token: string | undefined,
) => {
  const path = http?.path.replaceAll(/\{(\w+)\}/g, (_match, field: string) => input[field] ?? '')
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const method = http?.method ?? 'GET'
  const takesBody = method !== 'GET' && method !== 'DELETE'
  return ask(`${stack.gatewayUrl}${path}`, { method, token, headers, ...(takesBody ? { body: {} } : {}) })
}

/** An answer without what is different each time. */
const saidBy = (answer: Answer): unknown => {
  const code = codeOf(answer)
  return [answer.status, code ?? answer.body]
}

describe.each(owned)('$path', (operation) => {
  test.each(['another guest', 'a customer'])('tells %s what it tells of nothing', async (caller) => {
    const theirs = inputFor(operation, belongings())
    expect(Object.values(theirs)).not.toContain(absent)
    const nothing = inputFor(operation, {})
    for (const face of [overTrpc, overRest]) {
      const told = await face(operation, theirs, tokens[caller])
      const toldOfNothing = await face(operation, nothing, tokens[caller])
      expect(saidBy(told)).toEqual(saidBy(toldOfNothing))
      expect(told.text).not.toContain(order.number)
    }
  })

  test('needs a credential', async () => {
    const answer = await overRest(operation, inputFor(operation, belongings()), undefined)
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED'])
  })
})

test('the owner is told of their own, and of nothing else', async () => {
  const getOrder = owned.find(({ path }) => path === 'orders.getOrder')
  if (getOrder === undefined) throw new Error('There is no orders.getOrder')
  const own = inputFor(getOrder, belongings())
  expect((await overRest(getOrder, own, tokens['the owner'])).text).toContain(order.number)
  expect((await overRest(getOrder, own, tokens['staff'])).text).toContain(order.number)
  const after = await stack.shop('orders', 'getOrder', { orderId: order.id }, { token: stack.staffToken })
  expect(after.status).toBe('confirmed')
})
