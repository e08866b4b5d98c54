import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import { createLogger } from '@comptoir/service-kit/logger'
import { app } from './app.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { publicOperations } from './operations.ts'
import { forgetful } from './upstream.ts'

/** The gateway with a catalogue behind it that counts its answers. */
const serving = () => {
  let lateMs = 0
  const kept = createKeptAnswers(() => performance.now() + lateMs)
  let asked = 0
  const well = async () => Response.json({ result: { data: { asked } } })
  let answer: () => Promise<Response> = well
  const answering = {
    send: () => {
      asked += 1
      return answer()
    },
  }
  const edge = app({
    operations: publicOperations(services),
    upstream: forgetful(answering, kept),
    kept,
    authenticate: async (authorization) => {
      if (authorization === undefined) return { kind: 'anonymous', id: 'anonymous', scopes: [] }
      if (authorization !== 'Bearer staff') throw commonError('UNAUTHENTICATED')
      return { kind: 'admin', id: 'a-1', scopes: ['catalog:write'] }
    },
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes: 10_000,
    requestTimeoutMs: 2_000,
    log: createLogger('gateway', 'silent'),
  })
  const read = async (path: string, headers: Record<string, string> = {}) => {
    const response = await edge.request(path, { headers })
    return { response, body: (await response.json()) as { asked?: number; code?: string } }
  }
  const become = (other: () => Promise<Response>) => (answer = other)
  const pass = (seconds: number) => (lateMs += seconds * 1_000)
  return { edge, kept, read, become, pass, well }
}

const staff = { authorization: 'Bearer staff' }

test('tells a public answer again, with the headers of any other', async () => {
  const { read } = serving()
  const first = await read('/v1/products/blue-mug')
  const again = await read('/v1/products/blue-mug', { 'x-request-id': 'request-one' })
  expect(again.body).toEqual(first.body)
  expect(first.response.headers.get('cache-control')).toBe('public, max-age=5, stale-if-error=300')
  expect(again.response.headers.get('cache-control')).toBe('public, max-age=5, stale-if-error=300')
  expect(again.response.headers.get('age')).toBe('0')
  expect(again.response.headers.get('x-request-id')).toBe('request-one')
  expect(again.response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(again.response.headers.get('content-type')).toBe('application/json')
})

test('asks again for another address, query or operation', async () => {
  const { read } = serving()
  const paths = ['/v1/products/blue-mug', '/v1/products/red-mug', '/v1/products', '/v1/products?limit=3']
  const answers = await Promise.all(paths.map(async (path) => (await read(path)).body.asked))
  expect(new Set(answers).size).toBe(paths.length)
})

test('tells nothing kept to somebody with a credential, and keeps nothing of theirs', async () => {
  const { read } = serving()
  const theirs = await read('/v1/products/blue-mug', staff)
  expect(theirs.response.headers.get('cache-control')).toBe('no-store')
  expect((await read('/v1/products/blue-mug')).body.asked).toBe(2)
  expect((await read('/v1/products/blue-mug', staff)).body.asked).toBe(3)
  const wrong = await read('/v1/products/blue-mug', { authorization: 'Bearer nobody' })
  expect(wrong.response.status).toBe(401)
})

test('shows what was written through it at once', async () => {
  const { edge, read } = serving()
  await read('/v1/products/blue-mug')
  await edge.request('/v1/products/blue-mug-id', {
    method: 'PATCH',
    headers: { ...staff, 'content-type': 'application/json' },
    body: '{"name":"Green mug"}',
  })
  expect((await read('/v1/products/blue-mug')).body.asked).toBe(3)
})

test('does not keep an answer that was begun before a write', () => {
  const kept = createKeptAnswers()
  const request = new Request('http://shop/v1/products')
  const keep = kept.begin(request, 'catalog')
  kept.forget('catalog')
  keep({ body: 'old', route: '/v1/products', cacheSeconds: 5, staleIfErrorSeconds: 300 })
  expect(kept.find(request)).toBeUndefined()
})

test('forgets after the seconds that the contract allows', () => {
  const kept = createKeptAnswers()
  const request = new Request('http://shop/v1/products')
  kept.begin(
    request,
    'catalog',
  )({ body: 'old', route: '/v1/products', cacheSeconds: 0, staleIfErrorSeconds: 0 })
  expect(kept.find(request)).toBeUndefined()
})

test('keeps a bounded number of answers, the newest ones', () => {
  const kept = createKeptAnswers()
  const body = 'x'.repeat(60_000)
  const requests = Array.from(
    { length: 400 },
    (_, index) => new Request(`http://shop/v1/products?q=${index}`),
  )
  for (const request of requests)
    kept.begin(request, 'catalog')({ body, route: '/v1/products', cacheSeconds: 5, staleIfErrorSeconds: 300 })
  const found = requests.map((request) => kept.find(request) !== undefined)
  expect(found.filter(Boolean).length).toBeLessThan(300)
  expect(found.at(-1)).toBe(true)
  expect(found[0]).toBe(false)
})

test('counts the questions too: long ones that are answered in a few words take no more room', () => {
  const kept = createKeptAnswers()
  const filling = 'x'.repeat(2_000)
  const requests = Array.from(
    { length: 9_000 },
    (_, n) => new Request(`http://shop/v1/products?q=${n}${filling}`),
  )
  for (const request of requests)
    kept.begin(
      request,
      'catalog',
    )({ body: '{}', route: '/v1/products', cacheSeconds: 5, staleIfErrorSeconds: 300 })
  expect(requests.filter((request) => kept.find(request) !== undefined).length).toBeLessThan(8_500)
})

describe('where the catalogue fails', () => {
  const failures: [string, () => Promise<Response>][] = [
    ['answers 500', async () => new Response('broken', { status: 500 })],
    ['does not answer', () => Promise.reject(commonError('DEADLINE_EXCEEDED', { cause: new Error('late') }))],
    ['is given up', () => Promise.reject(commonError('UNAVAILABLE', { retryAfterSeconds: 5 }))],
  ]
  const path = '/v1/products/blue-mug'

  test.each(failures)('because it %s, the last answer is told stale, with its age', async (_how, failing) => {
    const { read, become, pass } = serving()
    const fresh = await read(path)
    become(failing)
    pass(6)
    const { response, body } = await read(path, { 'x-request-id': 'request-two' })
    expect(response.status).toBe(200)
    expect(body).toEqual(fresh.body)
    const { headers } = response
    expect(headers.get('age')).toBe('6')
    expect(headers.get('cache-control')).toBe('public, max-age=5, stale-if-error=300')
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('x-request-id')).toBe('request-two')
    for (const name of ['retry-after', 'warning']) expect(headers.get(name)).toBeNull()
  })

  const [[, failing]] = failures as [[string, () => Promise<Response>]]

  test('it is asked again and again, and its next answer is told at once', async () => {
    const { read, become, pass, well } = serving()
    await read(path)
    become(failing)
    pass(6)
    await read(path)
    become(well)
    expect((await read(path)).body.asked).toBe(3)
  })

  test('nothing is told that is older than its contract allows', async () => {
    const { read, become, pass } = serving()
    await read(path)
    become(failing)
    pass(304)
    expect((await read(path)).response.status).toBe(200)
    pass(1)
    expect((await read(path)).response.status).toBe(503)
  })

  test('nothing is told to somebody with a credential, nor of another address', async () => {
    const { read, become, pass } = serving()
    await read(path)
    become(failing)
    pass(6)
    expect((await read(path, staff)).response.status).toBe(503)
    expect((await read(`${path}-2`)).response.status).toBe(503)
  })

  test('what has changed since is not told, even where it cannot be asked for again', async () => {
    const { read, become, pass, kept } = serving()
    await read(path)
    become(failing)
    pass(6)
    kept.forget('catalog')
    expect((await read(path)).response.status).toBe(503)
  })

  test('a change that nobody was there to be asked for has changed nothing', async () => {
    const { edge, read, become, pass } = serving()
    await read(path)
    become(() => Promise.reject(commonError('UNAVAILABLE')))
    pass(6)
    const init = { method: 'PATCH', headers: { ...staff, 'content-type': 'application/json' }, body: '{}' }
    expect((await edge.request('/v1/products/blue-mug-id', init)).status).toBe(503)
    expect((await read(path)).response.status).toBe(200)
  })
})
