import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import { publicOperations } from '../operations.ts'
import { createAskedByNames } from '../protection/asked.ts'
import { defaultLimits } from '../protection/limits.ts'
import type { UpstreamRequest } from '../upstream.ts'
import { resilient } from './resilient-upstream.ts'

type Answer = (request: UpstreamRequest) => Response | Promise<Response>

const fine: Answer = () => new Response('fine')
const busy: Answer = () => new Response('busy', { status: 503, headers: { 'retry-after': '1' } })
const broken: Answer = () => new Response('broken', { status: 500 })
const reset: Answer = () => {
  throw commonError('UNAVAILABLE', { cause: new Error('ECONNRESET') })
}
const late: Answer = () => {
  throw commonError('DEADLINE_EXCEEDED', { cause: new Error('too late') })
}
const nobody: Answer = () => {
  throw commonError('UNAVAILABLE')
}

/** A way to services that answer in turn as told, the last answer again and again. */
const onClock = (...answers: Answer[]) => {
  let ms = 100_000
  const seen: UpstreamRequest[] = []
  const pauses: number[] = []
  const upstream = resilient(
    {
      send: async (request) => {
        seen.push(request)
        const answer = answers.length > 1 ? answers.shift() : answers[0]
        return (answer ?? fine)(request)
      },
    },
    {
      askedByNames: createAskedByNames(publicOperations(services)),
      limits: () => ({ ...defaultLimits, callsPerService: 3 }),
      now: () => ms,
      pause: async (pauseMs) => void pauses.push(pauseMs),
    },
  )
  const send = (more: Partial<UpstreamRequest> = {}): Promise<string | number> =>
    upstream.send(request(more)).then(
      ({ status }) => status,
      (error: unknown) => String((error as { code?: unknown }).code),
    )
  const become = (answer: Answer) => answers.splice(0, answers.length, answer)
  const state = (service = 'catalog') => upstream.safeguards.get(service)?.breaker.state()
  return { send, seen, pauses, become, state, pass: (by: number) => (ms += by), upstream }
}

const request = (more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  service: 'catalog',
  path: '/trpc/catalog.getProduct?input=%7B%7D',
  method: 'GET',
  actor: { kind: 'guest', id: 'g-1', scopes: [] },
  headers: {},
  deadlineAt: performance.now() + 10_000,
  signal: new AbortController().signal,
  ...more,
})
const order = {
  service: 'orders',
  path: '/trpc/orders.placeOrder',
  method: 'POST',
  headers: { 'idempotency-key': 'k'.repeat(16) },
}

describe('time', () => {
  const leftMs = async (more: Partial<UpstreamRequest>): Promise<number> => {
    const { send, seen } = onClock(fine)
    await send(more)
    return (seen[0]?.deadlineAt ?? 0) - performance.now()
  }

  test('a read gets two seconds, a write five, and more only where its contract says so', async () => {
    expect(await leftMs({})).toBeWithin(1_000, 2_001)
    expect(await leftMs(order)).toBeWithin(4_000, 5_001)
    expect(await leftMs({ ...order, path: '/trpc/payments.startPayment' })).toBeWithin(9_000, 10_001)
  })

  test('never more than is left of the whole', async () => {
    expect(await leftMs({ deadlineAt: performance.now() + 500 })).toBeLessThanOrEqual(500)
  })
})

describe('a read', () => {
  test.each([
    ['was not answered', reset],
    ['an instance has no capacity for', busy],
  ])('that %s is repeated once, after 20 to 60 ms', async (_what, first) => {
    const { send, seen, pauses } = onClock(first, fine)
    expect(await send()).toBe(200)
    expect(seen).toHaveLength(2)
    expect(pauses).toHaveLength(1)
    expect(pauses[0]).toBeWithin(20, 61)
  })

  test('is not repeated twice', async () => {
    const { send, seen } = onClock(busy)
    expect(await send()).toBe(503)
    expect(seen).toHaveLength(2)
  })

  test('that had no capacity is asked of another instance only', async () => {
    const { send, seen } = onClock(busy, nobody)
    expect(await send()).toBe(503)
    expect(seen[1]).toMatchObject({ elsewhere: true })
    expect(seen[1]?.tried).toBe(seen[0]?.tried)
  })

  test.each([
    ['took too long', late, 'DEADLINE_EXCEEDED'],
    ['nobody is there for', nobody, 'UNAVAILABLE'],
    ['failed in the service', broken, 500],
    ['was refused', () => new Response(null, { status: 404 }), 404],
  ] as const)('that %s is not repeated', async (_what, answer, outcome) => {
    const { send, seen } = onClock(answer)
    expect(await send()).toBe(outcome)
    expect(seen).toHaveLength(1)
  })

  test('whose client has left is not repeated, and tells nothing of the service', async () => {
    let client = new AbortController()
    const { send, seen, state } = onClock((asked) => {
      client.abort()
      return reset(asked)
    })
    for (let n = 0; n < 30; n += 1) {
      client = new AbortController()
      await send({ signal: client.signal })
    }
    expect(seen).toHaveLength(30)
    expect(state()).toBe('closed')
  })

  test('is repeated for a tenth of the calls at most', async () => {
    const { send, seen, become, pauses } = onClock(fine)
    for (let n = 0; n < 100; n += 1) await send()
    become((asked) => (asked.elsewhere === true ? fine(asked) : busy(asked)))
    for (let n = 0; n < 30; n += 1) await send()
    expect(pauses).toHaveLength(13)
    expect(seen).toHaveLength(143)
  })
})

describe('a write', () => {
  test('is repeated where it was not begun and has a key', async () => {
    const { send, seen } = onClock(busy, fine)
    expect(await send(order)).toBe(200)
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['without a key', busy, { ...order, headers: {} }, 503],
    ['that may have been done', reset, order, 'UNAVAILABLE'],
    ['refused without Retry-After', () => new Response(null, { status: 503 }), order, 503],
    [
      'refused for a provider’s sake',
      () => new Response(null, { status: 503, headers: { 'x-error-declared': 'true', 'retry-after': '1' } }),
      order,
      503,
    ],
  ] as const)('%s is not', async (_what, answer, asked, outcome) => {
    const { send, seen } = onClock(answer)
    expect(await send(asked)).toBe(outcome)
    expect(seen).toHaveLength(1)
  })
})

describe('a service that fails', () => {
  test.each([
    ['by errors', broken],
    ['by silence', late],
  ])('%s is not asked any more, and asked again by one probe', async (_how, answer) => {
    const { send, seen, become, state, pass } = onClock(answer)
    for (let n = 0; n < 20; n += 1) await send()
    expect(state()).toBe('open')
    const { length } = seen
    expect(await send()).toBe('UNAVAILABLE')
    expect(seen).toHaveLength(length)
    pass(5_000)
    become(fine)
    expect(await send()).toBe(200)
    expect(state()).toBe('closed')
  })

  test('by one instance only, which is ejected, is not given up', async () => {
    const { send, state } = onClock(({ fault }) => {
      if (fault !== undefined) fault.ofInstance = true
      return new Response(null, { status: 500 })
    })
    for (let n = 0; n < 50; n += 1) await send()
    expect(state()).toBe('closed')
  })

  test('does not concern the others', async () => {
    const { send, state } = onClock((asked) => (asked.service === 'catalog' ? broken(asked) : fine(asked)))
    for (let n = 0; n < 30; n += 1) await send()
    expect(state()).toBe('open')
    expect(await send(order)).toBe(200)
  })

  test('tells when to come back', async () => {
    const { send, upstream, pass } = onClock(broken)
    for (let n = 0; n < 20; n += 1) await send()
    pass(1_500)
    const thrown: unknown = await upstream.send(request()).catch((error: unknown) => error)
    expect((thrown as { retryAfterSeconds?: number }).retryAfterSeconds).toBe(4)
  })

  test.each([
    ['refuses', () => new Response(null, { status: 409 })],
    [
      'has a provider that fails',
      () => new Response(null, { status: 503, headers: { 'x-error-declared': 'true' } }),
    ],
    ['has no instance', nobody],
  ])('is another thing than one that %s', async (_what, answer) => {
    const { send, state } = onClock(answer)
    for (let n = 0; n < 50; n += 1) await send()
    expect(state()).toBe('closed')
  })
})

test('calls to a slow service are bounded for each priority, and those to the others are not touched', async () => {
  const { promise: slow, resolve } = Promise.withResolvers<Response>()
  const { send } = onClock((asked) => (asked.service === 'catalog' ? slow : fine(asked)))
  const waiting = Array.from({ length: 3 }, () => send())
  expect(await send()).toBe('UNAVAILABLE')
  expect(await send(order)).toBe(200)
  const staff = send({ path: '/trpc/catalog.updateProduct', method: 'POST' })
  resolve(new Response('at last'))
  expect(await Promise.all([...waiting, staff])).toEqual([200, 200, 200, 200])
  expect(await send()).toBe(200)
})

describe('the lines of a batch', () => {
  const lines = { path: '/trpc/catalog.getProduct?batch=1&input=%7B%7D', lines: true }
  const open: ReadableStreamDefaultController<Uint8Array>[] = []
  const telling: Answer = () =>
    new Response(new ReadableStream({ start: (controller) => void open.push(controller) }))

  test('keep the place of their call until the last is told, or their reader has left', async () => {
    const { send, become, upstream } = onClock(telling)
    const told = await Promise.all([1, 2, 3].map(() => upstream.send(request(lines))))
    become(fine)
    expect(await send()).toBe('UNAVAILABLE')
    open[0]?.close()
    await told[0]?.text()
    expect(await send()).toBe(200)
    become(telling)
    expect(await send(lines)).toBe(200)
    become(fine)
    expect(await send()).toBe('UNAVAILABLE')
    await told[1]?.body?.cancel()
    expect(await send()).toBe(200)
  })

  test('that are no body keep no place, nor do those that never begin', async () => {
    const { send, become } = onClock(() => new Response(null, { status: 409 }))
    for (let n = 0; n < 4; n += 1) expect(await send(lines)).toBe(409)
    become(nobody)
    for (let n = 0; n < 4; n += 1) await send(lines)
    become(fine)
    expect(await send()).toBe(200)
  })
})

test('a stream of events keeps no place: a few who listen would keep all others out', async () => {
  const { send } = onClock(() => new Response(new ReadableStream()))
  const watching = { service: 'orders', path: '/trpc/orders.watchOrder?input=%7B%7D', streams: true }
  for (let n = 0; n < 4; n += 1) expect(await send(watching)).toBe(200)
})
