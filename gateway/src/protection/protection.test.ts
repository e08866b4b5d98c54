import { afterAll, describe, expect, test } from 'bun:test'
import { fine, startProtectedEdge } from '../testing/protected-edge.ts'

const { stage, scene, ask, stop } = startProtectedEdge()
afterAll(stop)

const statuses = async (count: number, one: () => Promise<Response>): Promise<number[]> => {
  const all: number[] = []
  for (let n = 0; n < count; n += 1) {
    const response = await one()
    await response.arrayBuffer()
    all.push(response.status)
  }
  return all
}
const as = (who: string) => ({ headers: { authorization: `Bearer ${who}` } })
const question = { method: 'POST', body: '{"query":"{ __typename }"}' }
const login = { method: 'POST', body: '{"email":"a@example.com","password":"x"}' }

describe('a rate', () => {
  test('is told with each answer, and its end by 429 with when to come back, on REST', async () => {
    const address = scene({ read: 2 })
    const first = await ask(address, '/v1/cart', as('ada'))
    expect(first.headers.get('ratelimit-policy')).toBe('"read";q=2;w=60')
    expect(first.headers.get('ratelimit')).toBe('"read";r=1;t=30')
    await ask(address, '/v1/cart', as('ada'))
    const refused = await ask(address, '/v1/cart', as('ada'))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('retry-after')).toBe('30')
    expect(refused.headers.get('ratelimit')).toBe('"read";r=0;t=30')
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429, instance: '/v1/cart' })
    expect(stage.sent).toHaveLength(2)
  })

  test('ends on tRPC with the same, in tRPC’s shape', async () => {
    const address = scene({ read: 3 })
    const batch = '/trpc/carts.getCart,orders.listOrders?batch=1&input=%7B%7D'
    expect((await ask(address, batch, as('bob'))).headers.get('ratelimit')).toBe('"read";r=1;t=40')
    const refused = await ask(address, batch, as('bob'))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('20')
    const error = { error: { code: -32029, data: { code: 'RATE_LIMITED', httpStatus: 429 } } }
    expect(await refused.json()).toMatchObject([error, error])
  })

  test('ends on GraphQL with the same, as an error of GraphQL', async () => {
    const address = scene({ address: 1 })
    const asking = () => ask(address, '/graphql', question)
    expect((await asking()).status).toBe(200)
    const refused = await asking()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.headers.get('ratelimit-policy')).toBe('"address";q=1;w=60')
    expect(refused.headers.get('ratelimit')).toBe('"address";r=0;t=60')
    const problem = { code: 'RATE_LIMITED', status: 429, instance: '/graphql' }
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', problem } }],
    })
  })

  test('is each caller’s own, wherever they come from', async () => {
    const address = scene({ write: 1 })
    const clear = (who: string) => () => ask(address, '/v1/cart', { method: 'DELETE', ...as(who) })
    expect(await statuses(2, clear('cleo'))).toEqual([200, 429])
    expect(await statuses(2, clear('dora'))).toEqual([200, 429])
    const elsewhere = scene({ write: 1 })
    expect((await ask(elsewhere, '/v1/cart', { method: 'DELETE', ...as('cleo') })).status).toBe(429)
  })

  test('of logins and new guests is the address’s, whatever credential comes with them', async () => {
    const address = scene({ entry: 3 })
    let who = 0
    const tries = await statuses(4, () =>
      ask(address, '/v1/auth/login', { ...login, ...as(`e${(who += 1)}`) }),
    )
    expect(tries).toEqual([200, 200, 200, 429])
    expect((await ask(address, '/v1/auth/guest', { method: 'POST', body: '{}' })).status).toBe(429)
    expect((await ask(address, '/v1/cart', as('eve'))).status).toBe(200)
  })

  test('of an address counts what has a wrong credential', async () => {
    const address = scene({ address: 3 })
    const tries = await statuses(4, () => ask(address, '/v1/cart', as('wrong')))
    expect(tries).toEqual([401, 401, 401, 429])
  })

  test('is told with a refusal for a wrong credential too, and with a stale answer', async () => {
    const address = scene({ address: 9, read: 5 })
    expect((await ask(address, '/v1/cart', as('wrong'))).headers.get('ratelimit')).toStartWith(
      '"address";r=8;',
    )
    await ask(address, '/v1/products?q=stale')
    stage.stale = true
    stage.answer = () => new Response('broken', { status: 500 })
    const told = await ask(address, '/v1/products?q=stale')
    stage.stale = false
    expect([told.status, told.headers.get('age')]).toEqual([200, '60'])
    expect(told.headers.get('ratelimit')).toStartWith('"read";r=3;')
  })

  test('of webhooks is their own', async () => {
    const address = scene({ address: 1, webhook: 2 })
    const hook = () => ask(address, '/webhooks/stripe', { method: 'POST', body: '{}' })
    expect(await statuses(3, hook)).toEqual([200, 200, 429])
  })

  test('of an IPv6 network is one for all its addresses', async () => {
    scene({ address: 2 })
    const tries = ['2001:db8:7::1', '2001:db8:7::2', '2001:db8:7:0:ffff::3', '2001:db8:7:1::1']
    const found: number[] = []
    for (const address of tries) found.push((await ask(address, '/v1/cart', as('fay'))).status)
    expect(found).toEqual([200, 200, 429, 200])
  })

  test('is not asked of whoever asks how we are', async () => {
    const address = scene({ address: 1 })
    expect(await statuses(5, () => ask(address, '/healthz'))).toEqual([200, 200, 200, 200, 200])
  })
})

describe('at once', () => {
  test('one address has so many requests open and no more, and gets their places back', async () => {
    const address = scene({}, { inFlightPerAddress: 2 })
    const { promise, resolve } = Promise.withResolvers<undefined>()
    stage.answer = async () => {
      await promise
      return fine()
    }
    const open = ['g1', 'g2'].map((who) => ask(address, '/v1/cart', as(who)))
    while (stage.sent.length < 2) await Bun.sleep(1)
    const refused = await ask(address, '/v1/cart', as('g3'))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('ratelimit')).toStartWith('"address";')
    resolve(undefined)
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([200, 200])
    expect(await statuses(3, () => ask(address, '/v1/cart', as('g4')))).toEqual([200, 200, 200])
  })

  test('a stream counts until its reader has left', async () => {
    const address = scene({}, { inFlightPerAddress: 1 })
    const event = new TextEncoder().encode('event: ping\ndata: {}\n\n')
    stage.answer = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(event) }), {
        headers: { 'content-type': 'text/event-stream' },
      })
    const path = '/trpc/orders.watchOrder?input=%7B%7D'
    const reader = new AbortController()
    await ask(address, path, { ...as('hal'), signal: reader.signal })
    expect((await ask(address, '/v1/cart', as('ida'))).status).toBe(429)
    reader.abort()
    stage.answer = fine
    let status = 429
    while (status === 429) ({ status } = await ask(address, '/v1/cart', as('ida')))
    expect(status).toBe(200)
  })

  test('a checkout is let in while browsing is refused, before its body is read', async () => {
    const address = scene({}, { concurrency: { min: 128, max: 128 } })
    const { promise, resolve } = Promise.withResolvers<undefined>()
    stage.answer = async ({ service }) => {
      if (service === 'catalog') await promise
      return fine()
    }
    const browsing = Array.from({ length: 64 }, (_, n) => ask(address, `/v1/products?q=${n}`))
    while (stage.sent.length < 64) await Bun.sleep(1)
    const shed = await ask(address, '/v1/products?q=late')
    expect(shed.status).toBe(503)
    expect(shed.headers.get('retry-after')).toBe('1')
    expect(shed.headers.get('ratelimit')).toStartWith('"address";')
    expect(await shed.json()).toMatchObject({ code: 'UNAVAILABLE', status: 503 })
    expect(stage.sent).toHaveLength(64)
    const bought = await ask(address, '/v1/orders', {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Bearer jo', 'idempotency-key': 'k'.repeat(16) },
    })
    expect(bought.status).toBe(201)
    resolve(undefined)
    expect((await Promise.all(browsing)).every(({ status }) => status === 200)).toBe(true)
  })
})

describe('a batch that is told line by line', () => {
  const path = '/trpc/orders.listOrders?batch=1&input=%7B%7D'
  const line = new TextEncoder().encode('{"0":[[0],[null,0,0]]}\n')

  /** The answer to somebody who reads lines, and what ends it. */
  const begin = async (address: string) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    stage.answer = () => {
      const start = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        controller.enqueue(line)
        await ended
        controller.close()
      }
      const body = new ReadableStream({ start: (controller) => void start(controller) })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }
    const headers = { ...as('kim').headers, 'trpc-accept': 'application/jsonl' }
    const lines = await ask(address, path, { headers })
    stage.answer = fine
    return { lines, end }
  }

  test('counts as a request of its address until the last line', async () => {
    const address = scene({}, { inFlightPerAddress: 1 })
    const { lines, end } = await begin(address)
    expect((await ask(address, '/v1/cart', as('lea'))).status).toBe(429)
    end()
    expect(await lines.text()).toStartWith('{"0":')
    expect((await ask(address, '/v1/cart', as('lea'))).status).toBe(200)
  })

  test('keeps its place in the house until the last line, and others are refused as their faces say it', async () => {
    const address = scene({}, { concurrency: { min: 1, max: 1 } })
    const { lines, end } = await begin(address)
    expect((await ask(address, '/v1/products?q=full')).status).toBe(503)
    const refused = await ask(address, '/graphql', question)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(refused.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
    end()
    await lines.text()
    expect((await ask(address, '/v1/products?q=empty')).status).toBe(200)
  })

  test('gives its places back when its reader has left', async () => {
    const address = scene({}, { inFlightPerAddress: 1 })
    const { lines } = await begin(address)
    await lines.body?.cancel()
    let status = 429
    while (status === 429) ({ status } = await ask(address, '/v1/cart', as('max')))
    expect(status).toBe(200)
  })
})

test('GraphQL is charged by operation: a document of many logins tries no more passwords than many requests', async () => {
  const address = scene({ entry: 3 })
  const many = Array.from(
    { length: 5 },
    (_, at) => `a${at}: identityLogin(email: "a@example.com", password: "x") { accessToken }`,
  )
  const query = `mutation { ${many.join(' ')} }`
  const response = await ask(address, '/graphql', { method: 'POST', body: JSON.stringify({ query }) })
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
  expect(errors.filter(({ extensions }) => extensions.code === 'RATE_LIMITED')).toHaveLength(2)
  expect(stage.sent.filter(({ path }) => path.includes('identity.login'))).toHaveLength(3)
})
