import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Target } from '@comptoir/service-kit/discovery'
import { createUpstream, type UpstreamRequest } from './upstream.ts'

let service: ReturnType<typeof Bun.serve>
const gone = 'http://127.0.0.1:1'

beforeAll(() => {
  service = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      if (request.url.endsWith('/slow')) await new Promise((resolve) => setTimeout(resolve, 400))
      if (request.url.endsWith('/elsewhere')) return new Response(null, { status: 421 })
      if (request.url.endsWith('/broken')) return new Response(null, { status: 500 })
      if (request.url.endsWith('/declared'))
        return new Response(null, { status: 503, headers: { 'x-error-declared': 'true' } })
      if (request.url.endsWith('/nonsense')) return new Response('<title>It works!</title>')
      if (request.url.endsWith('/away')) return Response.redirect('http://127.0.0.1:1/')
      return Response.json(Object.fromEntries(request.headers))
    },
  })
})

afterAll(() => service.stop(true))

/** Offers these addresses one after another, and notes which were given up and which were given back. */
const offering = (...urls: string[]) => {
  const failed: string[] = []
  const judged: boolean[] = []
  let open = 0
  const pick = (): Target | undefined => {
    const url = urls.shift()
    if (url === undefined) return undefined
    open += 1
    const answered = (well: boolean) => (judged.push(well), !well)
    return { url, release: () => (open -= 1), failed: () => failed.push(url), answered }
  }
  const upstream = createUpstream({ pick, issueToken: async (actor, aud) => `${actor.id}.${aud}` })
  return { upstream, failed, judged, open: () => open }
}

const request = (more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  service: 'orders',
  path: '/echo',
  method: 'GET',
  actor: { kind: 'guest', id: 'g-1', scopes: [] },
  headers: {},
  deadlineAt: performance.now() + 2_000,
  signal: new AbortController().signal,
  ...more,
})

const codeOf = (sent: Promise<Response>): Promise<unknown> =>
  sent.then(
    ({ status }) => status,
    (error: unknown) => (error as { code?: unknown }).code,
  )

const here = () => service.url.origin

test('tells the service on whose behalf it asks and how long it waits', async () => {
  const { upstream, open } = offering(here())
  const told = (await (await upstream.send(request())).json()) as Record<string, string>
  expect(told['authorization']).toBe('Bearer g-1.orders')
  expect(Number(told['x-deadline-ms'])).toBeWithin(1_500, 2_001)
  expect(open()).toBe(0)
})

describe('an instance that does not take the connection', () => {
  test('is given up for another', async () => {
    const { upstream, failed } = offering(gone, gone, here())
    expect(await codeOf(upstream.send(request({ method: 'POST', body: '{}' })))).toBe(200)
    expect(failed).toEqual([gone, gone])
  })

  test('is UNAVAILABLE after three', async () => {
    const { upstream, failed, open } = offering(gone, gone, gone, here())
    expect(await codeOf(upstream.send(request()))).toBe('UNAVAILABLE')
    expect(failed).toHaveLength(3)
    expect(open()).toBe(0)
  })

  test('is UNAVAILABLE at once where there is no other', async () => {
    expect(await codeOf(offering().upstream.send(request()))).toBe('UNAVAILABLE')
  })
})

test('an address that another service listens at by now is given up, whatever was asked there', async () => {
  const { upstream, failed, open } = offering(service.url.origin, service.url.origin)
  const asked = upstream.send(request({ path: '/elsewhere', method: 'POST', body: '{}' }))
  expect(await codeOf(asked)).toBe('UNAVAILABLE')
  expect(failed).toHaveLength(2)
  expect(open()).toBe(0)
})

test('a success that is no answer of a service is UNAVAILABLE, with a cause to hold against the service', async () => {
  const { upstream, failed, open } = offering(here(), here())
  const sent = upstream.send(request({ path: '/nonsense' }))
  await expect(sent).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: expect.any(Error) })
  expect(failed).toEqual([])
  expect(open()).toBe(0)
})

test('an answer that does not come in time is DEADLINE_EXCEEDED, and nobody else is asked', async () => {
  const { upstream, failed } = offering(here(), here())
  const late = request({ path: '/slow', deadlineAt: performance.now() + 100 })
  expect(await codeOf(upstream.send(late))).toBe('DEADLINE_EXCEEDED')
  expect(failed).toEqual([])
})

test.each([
  ['an answer', '/echo', true],
  ['a refusal that the contract declares', '/declared', true],
  ['an error that it does not', '/broken', false],
  ['what is no answer of ours', '/nonsense', false],
  ['silence', '/slow', false],
])('%s is held for or against the instance', async (_what, path, well) => {
  const { upstream, judged } = offering(here())
  const fault = { ofInstance: false }
  await codeOf(upstream.send(request({ path, fault, deadlineAt: performance.now() + 100 })))
  expect(judged).toEqual([well])
  expect(fault.ofInstance).toBe(!well)
})

test('a client who leaves says nothing of the instance', async () => {
  const { upstream, judged } = offering(here())
  const client = new AbortController()
  const sent = codeOf(upstream.send(request({ path: '/slow', signal: client.signal })))
  client.abort()
  await sent
  expect(judged).toEqual([])
})

test('nothing is sent when too little time is left', async () => {
  const { upstream } = offering(here())
  expect(await codeOf(upstream.send(request({ deadlineAt: performance.now() + 10 })))).toBe(
    'DEADLINE_EXCEEDED',
  )
})

test('follows no redirect', async () => {
  expect(await codeOf(offering(here()).upstream.send(request({ path: '/away' })))).toBe(302)
})

describe('where an instance was tried before', () => {
  const tried = () => [here()]

  test('another is asked first, and it is noted', async () => {
    const { upstream, open } = offering(here(), here(), `${here()}/`)
    const given = tried()
    expect(await codeOf(upstream.send(request({ tried: given, path: 'echo' })))).toBe(200)
    expect(given).toEqual([here(), `${here()}/`])
    expect(open()).toBe(0)
  })

  test('it is asked again where it is the only one, unless it must be another', async () => {
    const offers = Array.from({ length: 6 }, here)
    const again = offering(...offers)
    expect(await codeOf(again.upstream.send(request({ tried: tried() })))).toBe(200)
    expect(again.open()).toBe(0)
    const never = offering(...offers)
    expect(await codeOf(never.upstream.send(request({ tried: tried(), elsewhere: true })))).toBe(
      'UNAVAILABLE',
    )
    expect(never.open()).toBe(0)
  })
})
