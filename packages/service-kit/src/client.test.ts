import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { mutation, query } from '@comptoir/contracts/contract'
import { z } from 'zod'
import { createClient } from './client.ts'
import { runInScope } from './scope.ts'

const contract = {
  read: query({ summary: 'Read', access: 'internal', input: z.object({}), output: z.unknown() }),
  write: mutation({ summary: 'Write', access: 'internal', input: z.object({}), output: z.unknown() }),
  load: mutation({
    summary: 'Load',
    access: 'internal',
    timeoutMs: 30_000,
    input: z.object({}),
    output: z.unknown(),
  }),
}
const gone = 'http://127.0.0.1:1'

let service: ReturnType<typeof Bun.serve>
let answer: () => Response
let toldMs: number[] = []

beforeAll(() => {
  service = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => {
      toldMs.push(Number(request.headers.get('x-deadline-ms')))
      return answer()
    },
  })
})
beforeEach(() => {
  toldMs = []
  answer = () => Response.json({ result: { data: 'done' } })
})
afterAll(() => service.stop(true))

/** A client that finds these instances one after another, the last again and again. */
const finding = (...urls: string[]) => {
  const pick = () => ({
    url: (urls.length > 1 ? urls.shift() : urls[0]) ?? gone,
    release: () => undefined,
    failed: () => undefined,
  })
  return createClient({ self: 'orders', issueToken: async () => 'token', pick }, 'catalog', contract)
}
const client = () => finding(service.url.origin)
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'OK',
    (error: unknown) => (error as { code?: unknown }).code,
  )
const actor: Actor = { kind: 'guest', id: 'g-1', scopes: [] }
const withLeft = <T>(ms: number, work: () => Promise<T>): Promise<T> =>
  runInScope({ label: 'test', actor, deadlineAt: performance.now() + ms }, work)

describe('the time that a call is given', () => {
  test('is two seconds for a read, five for a write, and what the contract or the caller says', async () => {
    await client().read({})
    await client().write({})
    await client().load({})
    await client().load({}, { timeoutMs: 400 })
    expect(toldMs).toEqual([2_000, 5_000, 30_000, 400])
  })

  test('is never more than is left to whoever asks', async () => {
    await withLeft(300, () => client().write({}))
    expect(toldMs[0]).toBeWithin(20, 301)
  })

  test('must be twenty milliseconds, or nothing is sent', async () => {
    expect(await codeOf(withLeft(15, () => client().read({})))).toBe('DEADLINE_EXCEEDED')
    expect(toldMs).toEqual([])
  })
})

test('a refused connection was no request: another instance is asked, three at most', async () => {
  expect(await codeOf(finding(gone, gone, service.url.origin).write({}))).toBe('OK')
  expect(await codeOf(finding(gone, gone, gone, service.url.origin).write({}))).toBe('UNAVAILABLE')
  expect(toldMs).toHaveLength(1)
})

test('what was answered is not repeated, however it was answered', async () => {
  answer = () => new Response('busy', { status: 503, headers: { 'retry-after': '1' } })
  expect(await codeOf(client().read({}))).toBe('UNAVAILABLE')
  expect(toldMs).toHaveLength(1)
})

test.each(['read', 'write'] as const)(
  'a %s that another service has taken goes to the next instance',
  async (name) => {
    const other = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: () => new Response(null, { status: 421 }),
    })
    try {
      expect(await finding(other.url.origin, service.url.origin)[name]({})).toBe('done')
      expect(await codeOf(finding(other.url.origin)[name]({}))).toBe('UNAVAILABLE')
    } finally {
      await other.stop(true)
    }
  },
)
