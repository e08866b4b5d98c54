// Every error that an operation declares is brought about through the edge, on /v1 and on /trpc; the few that cannot be
// are named with the reason, and with the file that shows them.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { services } from '@comptoir/contracts/app'
import type { ErrorDeclaration } from '@comptoir/contracts/errors'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import type { OrderId } from '@comptoir/contracts/ids'
import { address, awaitStatus, enter, fillCart, fulfil, pay, place, type Shopper } from '../stack/purchase.ts'
import { startTestStack, type SeededProduct, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask, type Answer } from './ask.ts'
import { setUpPeople } from './people-scenery.ts'
import type { Provocation, Scenery } from './provocation.ts'
import { provocations } from './provocations.ts'

const repository = join(import.meta.dir, '..', '..')
const operations = Object.entries(services).flatMap(([service, contract]) =>
  Object.entries<ProcedureContract>(contract)
    .filter(([, { access }]) => access !== 'internal')
    .map(([name, declaration]) => ({ path: `${service}.${name}`, declaration })),
)
const declared = operations.flatMap(({ path, declaration }) =>
  Object.entries<ErrorDeclaration>(declaration.errors ?? {}).map(([code, { status, data }]) => {
    return { path, declaration, code, status, data }
  }),
)

/** Nobody goes there. */
const elsewhere = {
  id: 'elsewhere',
  issuer: 'https://idp.example',
  clientId: 'shop',
  clientSecret: 'a secret',
}
let stack: TestStack
let scenery: Scenery

beforeAll(async () => {
  const env = { identity: { OIDC_PROVIDERS: JSON.stringify([elsewhere]) } }
  stack = await startTestStack({ onHand: 20_000, env })
  const { shop, staffToken } = stack
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  const [guest, buyer, faraway, full, owner] = await Promise.all([1, 2, 3, 4, 5].map(() => enter(shop)))
  if (!guest || !buyer || !faraway || !full || !owner) throw new Error('A guest is missing')
  const line = { product, quantity: 1 }
  await fillCart(shop, buyer, [line])
  await shop('carts', 'addLine', { variantId: product.variantId, quantity: 10_000 }, { token: full.token })
  const abroad = { address: { ...address, country: 'JP' }, contact: faraway.contact }
  await shop('carts', 'setAddress', abroad, { token: faraway.token })
  await shop('catalog', 'createCategory', { name: 'Mugs', slug: 'mugs' }, { token: staffToken })
  const email = 'grace@example.com'
  await shop('identity', 'register', { email, password: 'a long enough password', name: 'Grace Hopper' })
  const throttledEmail = 'eve@example.com'
  const attempts = Array.from({ length: 11 }, () =>
    shop('identity', 'login', { email: throttledEmail, password: 'a guess' }).catch(() => undefined),
  )
  await Promise.all(attempts)
  const delivered = await buy(owner, product)
  await fulfil(stack, delivered)
  const confirmed = await buy(owner, product)
  const { id: productId } = await shop('catalog', 'getProduct', { productId: product.slug })
  scenery = {
    guest: guest.token,
    buyer: buyer.token,
    faraway: faraway.token,
    full: full.token,
    owner: owner.token,
    staff: staffToken,
    email,
    throttledEmail,
    people: await setUpPeople(shop, { email: stack.admin.email, token: staffToken }),
    product,
    productId,
    delivered: await withShipment(delivered),
    confirmed: await withShipment(confirmed),
  }
})
afterAll(() => stack?.stop())

const buy = async (shopper: Shopper, product: SeededProduct): Promise<OrderId> => {
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  await pay(stack, shopper, orderId)
  await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed')
  return orderId
}

const withShipment = async (orderId: OrderId) => {
  const list = () => stack.shop('delivery', 'listShipments', { orderId }, { token: stack.staffToken })
  const shipment = await until('the shipment is planned', async () => (await list()).items[0])
  return { orderId, shipmentId: shipment.id as string }
}

const headersOf = (declaration: ProcedureContract): Record<string, string> =>
  declaration.kind === 'mutation' && declaration.idempotent !== undefined
    ? { 'idempotency-key': crypto.randomUUID() }
    : {}

const overTrpc = (path: string, declaration: ProcedureContract, { token, input }: Provocation) => {
  const url = `${stack.gatewayUrl}/trpc/${path}`
  const headers = headersOf(declaration)
  if (declaration.kind === 'mutation') return ask(url, { token, headers, body: input })
  return ask(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { token, headers })
}

const overRest = (declaration: ProcedureContract, { token, input }: Provocation) => {
  const { method = 'GET', path = '' } = declaration.http ?? {}
  const left = { ...input }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    delete left[name]
    return encodeURIComponent(String(input[name]))
  })
  const url = `${stack.gatewayUrl}${filled}`
  const headers = headersOf(declaration)
  if (method !== 'GET' && method !== 'DELETE') return ask(url, { method, token, headers, body: left })
  const query = new URLSearchParams(Object.entries(left).map(([name, value]) => [name, String(value)]))
  return ask(`${url}?${query}`, { method, token, headers })
}

/** On tRPC a stream that is refused begins all the same, because an EventSource could not read another answer. */
const problemOnTrpc = ({ body, text }: Answer): unknown => {
  const refusal = /^event: serialized-error\ndata: (.*)$/m.exec(text)?.[1]
  const told = (refusal === undefined ? body : { error: JSON.parse(refusal) as unknown }) as
    | { error?: { data?: { problem?: unknown } } }
    | undefined
  return told?.error?.data?.problem
}

test('there is a cause, or a reason for having none, for every declared error and for no other', () => {
  const wanted = declared.map(({ path, code }) => `${path} ${code}`).toSorted()
  const given = Object.entries(provocations).flatMap(([path, causes]) =>
    Object.keys(causes).map((code) => `${path} ${code}`),
  )
  expect(given.toSorted()).toEqual(wanted)
})

const causeOf = ({ path, code }: { path: string; code: string }) => provocations[path]?.[code]

describe.each(declared.filter((error) => typeof causeOf(error) === 'function'))(
  '$path answers $code',
  ({ path, declaration, code, status, data }) => {
    const provoke = (): Provocation => {
      const cause = causeOf({ path, code })
      if (typeof cause !== 'function') throw new Error('This error has no cause')
      return cause(scenery)
    }
    const judge = (problem: unknown): void => {
      expect(problem).toMatchObject({ code, status })
      const told = data?.safeParse((problem as { data?: unknown }).data)
      expect(told?.error?.issues ?? []).toEqual([])
    }

    test('on tRPC', async () => {
      const answer = await overTrpc(path, declaration, provoke())
      judge(problemOnTrpc(answer))
      if (declaration.kind !== 'subscription') expect(answer.status).toBe(status)
    })

    if (declaration.http !== undefined)
      test('over REST', async () => {
        const answer = await overRest(declaration, provoke())
        judge(answer.body)
        expect(answer.status).toBe(status)
      })
  },
)

test.each(declared.filter((error) => typeof causeOf(error) === 'object'))(
  '$path answers $code in a test of its service only',
  ({ path, code }) => {
    const cause = causeOf({ path, code })
    const { because, seenIn } = typeof cause === 'object' ? cause : { because: '', seenIn: '' }
    expect(because.length).toBeGreaterThan(20)
    const file = join(repository, seenIn)
    expect(existsSync(file) && readFileSync(file, 'utf8').includes(code)).toBe(true)
  },
)
