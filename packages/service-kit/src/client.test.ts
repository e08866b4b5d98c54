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
let judged: boolean[] = []

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
  judged = []
  answer = () => Response.json({ result: { data: 'done' } })
})
afterAll(() => service.stop(true))

/** A client that finds these instances one after another, the last again and again. */
const finding = (...urls: string[]) => {
  const pick = () => ({
    url: (urls.length > 1 ? urls.shift() : urls[0]) ?? gone,
    release: () => undefined,
    failed: () => undefined,
    answered: (well: boolean) => (judged.push(well), false),
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

test('what an instance answers is held for or against it', async () => {
  await client().read({})
  answer = () => new Response(null, { status: 503, headers: { 'x-error-declared': 'true' } })
  await codeOf(client().read({}))
  answer = () => new Response(null, { status: 500 })
  await codeOf(client().read({}))
  expect(judged).toEqual([true, true, false])
})

describe('where an instance dies before it has answered', () => {
  /** Counts whoever connects, and hangs up on them once they have asked. */
  const dying = () => {
    let asked = 0
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data: (socket) => {
          asked += 1
          socket.terminate()
        },
      },
    })
    return { url: `http://127.0.0.1:${server.port}`, asked: () => asked, stop: () => server.stop(true) }
  }
  const asked = async (calls: (dead: string) => Promise<void>): Promise<number> => {
    const dead = dying()
    try {
      await calls(dead.url)
      return dead.asked()
    } finally {
      dead.stop()
    }
  }

  test('a read is repeated once, and a write is not', async () => {
    const reads = await asked(async (dead) => {
      expect(await codeOf(finding(dead).read({}))).toBe('UNAVAILABLE')
      expect(await codeOf(finding(dead, service.url.origin).read({}))).toBe('OK')
    })
    expect(reads).toBe(3)
    const writes = await asked(async (dead) => {
      expect(await codeOf(finding(dead, service.url.origin).write({}))).toBe('UNAVAILABLE')
    })
    expect(writes).toBe(1)
  })

  test('a read for somebody who repeats the whole is not repeated too', async () => {
    const scope = { label: 'test', actor, isRepeated: true }
    const times = await asked(async (dead) => {
      const reading = runInScope(scope, () => finding(dead, service.url.origin).read({}))
      expect(await codeOf(reading)).toBe('UNAVAILABLE')
    })
    expect(times).toBe(1)
  })

  test('reads are repeated within a budget', async () => {
    const times = await asked(async (dead) => {
      const { read } = finding(dead)
      for (let n = 0; n < 20; n += 1) expect(await codeOf(read({}))).toBe('UNAVAILABLE')
    })
    expect(times).toBe(23)
  })
})
