import { expect, test } from 'bun:test'
import { anonymous, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import { publicOperations } from '../../operations.ts'
import type { Upstream, UpstreamRequest } from '../../upstream.ts'
import type { Incoming } from './incoming.ts'
import { splitBatch } from './split-batch.ts'

const operations = publicOperations(services)
const guest: Actor = { kind: 'guest', id: 'g', scopes: [] }

/** Answers each call with its own path and input, so that the test sees what came where. */
const echo = (seen: UpstreamRequest[], away?: string): Upstream => ({
  send: async (request) => {
    seen.push(request)
    if (request.service === away) throw commonError('UNAVAILABLE')
    const url = new URL(request.path, 'http://service.example')
    const text = url.searchParams.get('input')
    const inputs = JSON.parse(text ?? '{}') as Record<string, unknown>
    const paths = decodeURIComponent(url.pathname.slice('/trpc/'.length)).split(',')
    return Response.json(paths.map((path, index) => ({ result: { data: { path, input: inputs[index] } } })))
  },
})

const incoming = (paths: readonly string[], inputs: object, more: Partial<Incoming> = {}): Incoming => {
  const input = JSON.stringify(inputs)
  return {
    method: 'GET',
    paths,
    search: `?batch=1&input=${encodeURIComponent(input)}`,
    input,
    isBatch: true,
    isStream: false,
    actor: guest,
    client: undefined,
    deadlineAt: performance.now() + 1_000,
    signal: new AbortController().signal,
    headers: {},
    body: undefined,
    ...more,
  }
}

const split = async (request: Incoming, upstream: Upstream) => {
  const response = await splitBatch(
    upstream,
    request,
    request.paths.map((path) => operations.get(path)),
  )
  const { status, headers } = response
  return { status, headers, body: (await response.json()) as unknown }
}

const answer = (path: string, input: unknown) => ({ result: { data: { path, input } } })

test('sends each service its calls in one batch and joins the answers in the order of the calls', async () => {
  const seen: UpstreamRequest[] = []
  const paths = ['carts.getCart', 'catalog.listCategories', 'carts.getCart', 'delivery.listOptions']
  const { status, body } = await split(incoming(paths, { 0: 'a', 1: 'b', 2: 'c', 3: 'd' }), echo(seen))
  expect(status).toBe(200)
  expect(body).toEqual(paths.map((path, index) => answer(path, ['a', 'b', 'c', 'd'][index])))
  expect(seen.map(({ service }) => service).toSorted()).toEqual(['carts', 'catalog', 'delivery'])
})

test('fails alone what nobody may call or what does not exist, and lets the rest through', async () => {
  const seen: UpstreamRequest[] = []
  const paths = ['orders.prepareOrder', 'catalog.listCategories', 'catalog.quote', 'no.such']
  const { status, body } = await split(incoming(paths, { 1: 'b' }), echo(seen))
  expect(status).toBe(207)
  expect(body).toMatchObject([
    { error: { data: { code: 'FORBIDDEN', httpStatus: 403, path: 'orders.prepareOrder' } } },
    answer('catalog.listCategories', 'b'),
    { error: { data: { code: 'NOT_FOUND', httpStatus: 404 } } },
    { error: { data: { code: 'NOT_FOUND', httpStatus: 404 } } },
  ])
  expect(seen).toHaveLength(1)
})

test('an internal procedure is told apart from one that does not exist by nothing but its name', async () => {
  const { body } = await split(incoming(['catalog.quote', 'catalog.quite'], {}), echo([]))
  const [internal, missing] = body as { error: { message: string } }[]
  expect(JSON.stringify(internal).replaceAll('quote', 'quite')).toBe(JSON.stringify(missing))
})

test('answers with the common status where all calls fail alike, and with the challenge', async () => {
  const asking = incoming(['carts.getCart', 'orders.listOrders'], {}, { actor: anonymous })
  const { status, headers } = await split(asking, echo([]))
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})

test('a call that wants a fresh proof of who asks is answered with the challenge of RFC 9470', async () => {
  const customer: Actor = { kind: 'customer', id: 'c', scopes: [] }
  const asking = incoming(['identity.deleteAccount'], {}, { actor: customer, isBatch: false, method: 'POST' })
  const { status, headers, body } = await split(asking, echo([]))
  expect([status, body]).toMatchObject([401, { error: { data: { code: 'REAUTHENTICATION_REQUIRED' } } }])
  expect(headers.get('www-authenticate')).toBe(
    'Bearer error="insufficient_user_authentication", max_age="600"',
  )
})

test('tells when to come back where all services are away: when the last of them may be back', async () => {
  const away: Upstream = {
    send: ({ service }) =>
      Promise.reject(commonError('UNAVAILABLE', { retryAfterSeconds: service === 'carts' ? 3 : 7 })),
  }
  const { status, headers } = await split(incoming(['carts.getCart', 'catalog.listCategories'], {}), away)
  expect([status, headers.get('retry-after')]).toEqual([503, '7'])
})

test('hands on what services say of when to come back, and of the methods there are', async () => {
  const refusing: Upstream = {
    send: async ({ service, path }) =>
      Response.json(
        [{ error: { message: path, code: -32029, data: { httpStatus: service === 'carts' ? 429 : 405 } } }],
        { status: 429, headers: { 'retry-after': '9', allow: 'GET' } },
      ),
  }
  const busy = await split(incoming(['carts.getCart', 'no.such'], {}), refusing)
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([207, null])
  const both = await split(incoming(['carts.getCart'], {}), refusing)
  expect([both.status, both.headers.get('retry-after')]).toEqual([429, '9'])
  const wrong = await split(incoming(['catalog.listCategories'], {}), refusing)
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
})

test('a service that is away fails its own calls only', async () => {
  const { status, body } = await split(
    incoming(['carts.getCart', 'catalog.listCategories'], {}),
    echo([], 'carts'),
  )
  expect(status).toBe(207)
  expect(body).toMatchObject([{ error: { data: { code: 'UNAVAILABLE' } } }, { result: {} }])
})

test.each(['[]', '"text"', '1', 'null', '{"0":'])('refuses inputs that are no object: %s', async (text) => {
  const request = incoming(['carts.getCart', 'catalog.listCategories'], {}, { input: text })
  const outcome = await split(request, echo([])).catch((error: unknown) => (error as { code?: unknown }).code)
  expect(outcome).toBe('MALFORMED_REQUEST')
})
