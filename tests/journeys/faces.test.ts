// What the edge does by itself: batches, headers, its own description, health and metrics.
import { beforeAll, describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { KeySet } from '@comptoir/contracts/identity/model'
import { z } from 'zod'
import { address, enter, fillCart, place, type Shopper } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask, type Answer } from './ask.ts'
import { linkShop, links } from './link-shop.ts'
import { registeredUrls } from './registered.ts'

let stack: TestStack
let shopper: Shopper
beforeAll(async () => {
  stack = await sharedStack()
  shopper = await enter(stack.shop)
})

const batch = (calls: readonly (readonly [path: string, input?: object])[], more: object = {}) => {
  const input = JSON.stringify(Object.fromEntries(calls.map(([, given], index) => [index, given ?? {}])))
  const paths = calls.map(([path]) => path).join(',')
  return { paths, input, url: `${stack.gatewayUrl}/trpc/${paths}?batch=1`, ...more }
}

describe('a batch over several services', () => {
  test('answers every call, in the order of the calls', async () => {
    const { url, input } = batch([
      ['delivery.listOptions', { country: 'GB' }],
      ['carts.getCart'],
      ['catalog.listProducts', { limit: 1 }],
      ['carts.getCart'],
      ['catalog.getProduct', { productId: stack.products[0]?.slug }],
    ])
    const { status, body } = await ask(`${url}&input=${encodeURIComponent(input)}`, { token: shopper.token })
    expect(status).toBe(200)
    const data = z.array(z.object({ result: z.object({ data: z.unknown() }) })).parse(body)
    const [options, cart, page, again, product] = data.map(({ result }) => result.data)
    expect(services.delivery.listOptions.output.parse(options).items.length).toBeGreaterThan(0)
    expect(services.carts.getCart.output.parse(cart)).toEqual(services.carts.getCart.output.parse(again))
    expect(services.catalog.listProducts.output.parse(page).items).toHaveLength(1)
    expect(services.catalog.getProduct.output.parse(product).slug).toBe(stack.products[0]?.slug ?? '')
  })

  test('of mutations does each of them', async () => {
    const { token, contact } = await enter(stack.shop)
    const { url, input } = batch([
      ['carts.setAddress', { address, contact }],
      ['identity.createGuest', {}],
    ])
    const { status, body } = await ask(url, { token, body: input })
    expect(status).toBe(200)
    expect(body).toMatchObject([{ result: { data: { address } } }, { result: { data: { kind: 'guest' } } }])
  })

  test('with successes and failures is 207, and each call has its own answer', async () => {
    const { url, input } = batch([
      ['catalog.listCategories'],
      ['orders.getOrder', { orderId: '01900000-0000-7000-8000-000000000000' }],
      ['identity.getMe'],
      ['carts.getCart', { colour: 'red' }],
      ['catalog.quote', {}],
    ])
    const { status, body } = await ask(`${url}&input=${encodeURIComponent(input)}`, { token: shopper.token })
    expect(status).toBe(207)
    expect(body).toMatchObject([
      { result: { data: { items: expect.any(Array) } } },
      { error: { data: { code: 'ORDER_NOT_FOUND', httpStatus: 404, path: 'orders.getOrder' } } },
      { error: { data: { code: 'FORBIDDEN', httpStatus: 403, path: 'identity.getMe' } } },
      { error: { data: { code: 'INVALID_INPUT', httpStatus: 400, path: 'carts.getCart' } } },
      { error: { data: { code: 'NOT_FOUND', httpStatus: 404, path: 'catalog.quote' } } },
    ])
  })

  test.each(['httpBatchLink', 'httpBatchStreamLink'] as const)(
    'of %s is taken apart and joined',
    async (name) => {
      const shop = linkShop(links[name](stack.gatewayUrl))
      const { token } = shopper
      const [cart, page, me, options] = await Promise.allSettled([
        shop('carts', 'getCart', {}, { token }),
        shop('catalog', 'listProducts', { limit: 2 }, { token }),
        shop('identity', 'getMe', {}, { token }),
        shop('delivery', 'listOptions', {}, { token }),
      ])
      expect([cart, page, options].map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'fulfilled',
      ])
      expect(me).toMatchObject({
        status: 'rejected',
        reason: { data: { code: 'FORBIDDEN', httpStatus: 403 } },
      })
    },
  )

  test('holds ten calls', async () => {
    const { url, input } = batch(
      Array.from(
        { length: 10 },
        (_, index) => [index % 2 ? 'carts.getCart' : 'catalog.listCategories'] as const,
      ),
    )
    const { status, body } = await ask(`${url}&input=${encodeURIComponent(input)}`, { token: shopper.token })
    expect([status, (body as unknown[]).length]).toEqual([200, 10])
  })
})

describe('every answer', () => {
  test.each([
    ['/v1/products', 'public, max-age=5, stale-if-error=300'],
    ['/v1/cart', 'no-store'],
    ['/v1/nothing', 'no-store'],
    ['/trpc/catalog.listCategories', 'no-store'],
    ['/healthz', 'no-store'],
    ['/openapi.json', 'public, max-age=60'],
  ])('of %s has an id and a trace, and says how long it may be kept: %s', async (path, cacheControl) => {
    const { headers } = await ask(`${stack.gatewayUrl}${path}`)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/)
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
    expect(headers.get('cache-control')).toBe(cacheControl)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-type')).toMatch(/^(application\/(problem\+)?json|text\/plain)/)
    for (const name of ['server', 'x-powered-by', 'via']) expect(headers.get(name)).toBeNull()
  })

  test('to somebody who shows a token may be kept by nobody', async () => {
    const { token } = shopper
    for (const path of ['/v1/products', '/v1/cart', '/v1/categories']) {
      const { headers } = await ask(`${stack.gatewayUrl}${path}`, { token })
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store'])
    }
  })

  test('of a public read shows a change that was made through the edge at once', async () => {
    const { slug = '', name = '' } = stack.products[1] ?? {}
    const read = async () =>
      (await ask(`${stack.gatewayUrl}/v1/products/${slug}`)).body as { id: string; name: string }
    const { id } = await read()
    const change = { method: 'PATCH', token: stack.staffToken, body: { name: `${name}, new` } }
    const changed = await ask(`${stack.gatewayUrl}/v1/products/${id}`, change)
    expect(changed.status).toBe(200)
    expect((await read()).name).toBe(`${name}, new`)
  })

  test('of a 201 says where the new thing is', async () => {
    const buyer = await enter(stack.shop)
    const [product] = stack.products
    if (product === undefined) throw new Error('There is nothing to buy')
    await fillCart(stack.shop, buyer, [{ product, quantity: 1 }])
    const key = crypto.randomUUID()
    const order = await place(stack.shop, buyer, key)
    const replay = { token: buyer.token, body: {}, headers: { 'idempotency-key': key } }
    const { status, headers } = await ask(`${stack.gatewayUrl}/v1/orders`, replay)
    expect([status, headers.get('location')]).toEqual([201, `/v1/orders/${order.id}`])
    const found = await ask(`${stack.gatewayUrl}${headers.get('location')}`, { token: buyer.token })
    expect(found.body).toMatchObject({ id: order.id })
  })
})

test('every REST answer of a read is what its contract says', async () => {
  const { token } = shopper
  const reads = [
    ['/v1/cart', services.carts.getCart],
    ['/v1/products?limit=2&inStock=true&sort=-price', services.catalog.listProducts],
    [`/v1/products/${stack.products[0]?.slug}`, services.catalog.getProduct],
    ['/v1/categories', services.catalog.listCategories],
    ['/v1/orders', services.orders.listOrders],
    ['/v1/delivery-options?country=GB', services.delivery.listOptions],
  ] as const
  for (const [path, contract] of reads) {
    const { status, body } = await ask(`${stack.gatewayUrl}${path}`, { token })
    expect([path, status]).toEqual([path, 200])
    expect(contract.output.safeParse(body).error?.issues ?? []).toEqual([])
  }
})

test('/openapi.json describes itself as OpenAPI 3.1, and every route in it is there', async () => {
  const { body } = await ask(`${stack.gatewayUrl}/openapi.json`)
  const Operation = z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) })
  const document = z
    .object({
      openapi: z.string().startsWith('3.1.'),
      info: z.object({ title: z.string(), version: z.string() }),
      paths: z.record(z.string().startsWith('/v1/'), z.record(z.string(), Operation)),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse(body)
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
  for (const [path, methods] of Object.entries(document.paths)) {
    const url = `${stack.gatewayUrl}${path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000')}`
    const { headers } = await ask(url, { method: 'OPTIONS' })
    const allowed = headers.get('allow')?.toLowerCase().split(', ') ?? []
    expect([path, allowed.toSorted()]).toEqual([path, Object.keys(methods).toSorted()])
  }
})

test('/.well-known/jwks.json has public keys and no private one', async () => {
  const { body, text, headers } = await ask(`${stack.gatewayUrl}/.well-known/jwks.json`)
  expect(KeySet.parse(body).keys.length).toBeGreaterThan(0)
  expect(text).not.toContain('"d":')
  expect(headers.get('cache-control')).toBe('public, max-age=300')
})

describe('metrics', () => {
  test('of the edge tell of its requests by route, method and status', async () => {
    await ask(`${stack.gatewayUrl}/v1/products`)
    const { text, headers } = await ask(`${stack.gatewayUrl}/metrics`)
    expect(headers.get('content-type')).toStartWith('text/plain')
    expect(text).toMatch(/comptoir_http_request_duration\w*_count\{[^}]*route="\/v1\/products"[^}]*\} [1-9]/)
    expect(text).not.toContain(shopper.contact.email)
  })

  test('of a service tell of its outbox’s lag, its consumers and its procedures', async () => {
    const urls = await registeredUrls(stack.natsUrl)
    const metrics = async (service: string) => (await ask(`${urls.get(service)}/metrics`)).text
    await until('a consumer has been counted', async () =>
      /comptoir_consumer_deliveries\w*\{[^}]*consumer="order-received"[^}]*outcome="done"/.test(
        await metrics('carts'),
      )
        ? true
        : undefined,
    )
    const orders = await metrics('orders')
    expect(orders).toMatch(/^comptoir_outbox_unpublished\S* \d+/m)
    expect(orders).toMatch(/^comptoir_outbox_oldest\S* \d/m)
    expect(orders).toMatch(/comptoir_procedure_duration\w*_count\{[^}]*procedure="orders\.placeOrder"/)
  })
})

const isStatus = ({ body }: Answer, status: string): boolean =>
  (body as { status?: unknown } | undefined)?.status === status

describe('health', () => {
  test('/healthz says that the process answers', async () => {
    expect(await ask(`${stack.gatewayUrl}/healthz`)).toMatchObject({ status: 200, text: 'ok' })
  })

  test('/readyz tells those who come through a proxy whether it is ready, and nothing else', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const answer = await ask(`${stack.gatewayUrl}/readyz`, { headers })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({ status: 'ready' })
    for (const path of ['/livez', '/startupz'])
      expect(await ask(`${stack.gatewayUrl}${path}`)).toMatchObject({ status: 200, text: 'ok' })
  })

  test('/readyz names the service that is stopped, and takes no gateway out for it: the rest is served', async () => {
    const ready = () => ask(`${stack.gatewayUrl}/readyz`)
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready' } })
    const delivery = stack.processes.get('delivery')
    await delivery.stop()
    const told = await until('the edge has noticed', async () => {
      const answer = await ready()
      return isStatus(answer, 'ready') ? undefined : answer
    })
    expect(told).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { delivery: 'down', orders: 'ok' } },
    })
    const refused = await ask(`${stack.gatewayUrl}/v1/delivery-options`)
    expect(refused.body).toMatchObject({ status: 503, code: 'UNAVAILABLE' })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await ask(`${stack.gatewayUrl}/v1/products`)).status).toBe(200)
    delivery.start()
    await until('all is well again', async () => isStatus(await ready(), 'ready') || undefined)
  })
})
