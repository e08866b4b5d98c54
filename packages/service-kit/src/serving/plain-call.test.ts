import { expect, test } from 'bun:test'
import { mutation, query } from '@comptoir/contracts/contract'
import { commonError } from '@comptoir/contracts/errors'
import { z } from 'zod'
import type { ServiceContext } from '../context.ts'
import { systemClock } from '../clock.ts'
import { systemIds } from '../ids.ts'
import { implement } from './implement.ts'

const contract = {
  echo: query({
    summary: 'Says it again',
    access: 'public',
    input: z.strictObject({ text: z.string(), count: z.number().int().optional() }),
    output: z.object({ text: z.string() }),
    errors: {
      NOTHING_SAID: { status: 409, message: 'Say something.', data: z.object({ length: z.number() }) },
      PROVIDER_AWAY: { status: 503, message: 'Somebody else does not answer.' },
    },
  }),
  write: mutation({
    summary: 'Writes it down',
    access: 'guest',
    input: z.strictObject({ text: z.string() }),
    output: z.object({ text: z.string() }),
  }),
  wrong: query({
    summary: 'Answers what it may not',
    access: 'public',
    input: z.strictObject({}),
    output: z.null(),
  }),
  away: query({ summary: 'Is away', access: 'internal', input: z.strictObject({}), output: z.null() }),
}

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const context = { clock: systemClock, ids: systemIds, log } as unknown as ServiceContext

const handle = implement<typeof contract, ServiceContext>({
  service: 'talk',
  contract,
  context,
  idempotency: { claim: () => Promise.reject(new Error('Nothing here is idempotent')) },
  verify: (token) =>
    token === 'wrong'
      ? Promise.reject(commonError('UNAUTHENTICATED'))
      : Promise.resolve({ actor: { kind: 'anonymous', id: 'anonymous', scopes: [] }, caller: token }),
  procedures: {
    echo: async ({ ctx, input }) => {
      if (input.text === '') throw ctx.fail('NOTHING_SAID', { length: 0 })
      if (input.text === 'far') throw ctx.fail('PROVIDER_AWAY')
      if (input.text === 'boom') throw new Error('An inside that nobody may see')
      if (input.text === 'busy') throw commonError('UNAVAILABLE', { retryAfterSeconds: 3 })
      return { ...input }
    },
    write: async ({ input }) => input,
    wrong: async () => 'not null' as unknown as null,
    away: async () => {
      throw commonError('UNAVAILABLE', { retryAfterSeconds: 3 })
    },
  },
})

interface Asked {
  readonly path: string
  readonly input?: string
  readonly method?: 'GET' | 'POST'
  readonly caller?: string
  readonly deadlineMs?: string
}

/** The same request twice: as our own clients send it, and with something that only tRPC's own handler reads. */
const ask = async (
  { path, input, method = 'GET', caller = 'gateway', deadlineMs }: Asked,
  plain: boolean,
) => {
  const query = method === 'GET' && input !== undefined ? `?input=${encodeURIComponent(input)}` : ''
  const type = plain ? 'application/json' : 'application/json; charset=utf-8'
  const headers = {
    'content-type': type,
    authorization: `Bearer ${caller}`,
    ...(deadlineMs === undefined ? {} : { 'x-deadline-ms': deadlineMs }),
  }
  const url = `http://talk/trpc/${path}${query}${plain ? '' : `${query === '' ? '?' : '&'}longer=1`}`
  const body = method === 'POST' && input !== undefined ? { body: input } : {}
  const response = await handle(new Request(url, { method, headers, ...body }))
  const { status } = response
  const shown = ['content-type', 'vary', 'retry-after', 'x-error-declared'].map((name) => [
    name,
    // Bun writes the character set behind the type, tRPC does not.
    response.headers.get(name)?.replace(/;.*/, ''),
  ])
  return { status, shown, body: (await response.json()) as unknown }
}

const cases: Record<string, Asked> = {
  'a query': { path: 'talk.echo', input: '{"text":"été & more + all"}' },
  'fields that the output does not have': { path: 'talk.echo', input: '{"text":"a","count":1}' },
  'a declared error': { path: 'talk.echo', input: '{"text":""}' },
  'a declared outage': { path: 'talk.echo', input: '{"text":"far"}' },
  'an error that nobody expected': { path: 'talk.echo', input: '{"text":"boom"}' },
  'an error with a time to wait': { path: 'talk.echo', input: '{"text":"busy"}' },
  'an unknown field': { path: 'talk.echo', input: '{"text":"a","more":1}' },
  'no input': { path: 'talk.echo' },
  'an empty input': { path: 'talk.echo', input: '' },
  'input that is no JSON': { path: 'talk.echo', input: '{"text":' },
  'an output that breaks the contract': { path: 'talk.wrong', input: '{}' },
  'a wrong token': { path: 'talk.echo', input: '{"text":"a"}', caller: 'wrong' },
  'no time left': { path: 'talk.echo', input: '{"text":"a"}', deadlineMs: '3' },
  'an internal procedure by the gateway': { path: 'talk.away', input: '{}' },
  'an internal procedure by a service': { path: 'talk.away', input: '{}', caller: 'orders' },
  'a mutation without the right': { path: 'talk.write', method: 'POST', input: '{"text":"a"}' },
  'a mutation by GET': { path: 'talk.write', input: '{"text":"a"}' },
  'a query by POST': { path: 'talk.echo', method: 'POST', input: '{"text":"a"}' },
  'an unknown procedure': { path: 'talk.nothing', input: '{}' },
  'a name of every object': { path: 'talk.constructor', input: '{}' },
}

for (const [name, asked] of Object.entries(cases))
  test(`answers ${name} as tRPC’s own handler does`, async () => {
    expect(await ask(asked, true)).toEqual(await ask(asked, false))
  })

test('answers a batch', async () => {
  const inputs = encodeURIComponent('{"0":{"text":"a"},"1":{"text":"b"}}')
  const url = `http://talk/trpc/talk.echo,talk.echo?batch=1&input=${inputs}`
  const response = await handle(new Request(url, { headers: { authorization: 'Bearer gateway' } }))
  const [first, second] = ['a', 'b'].map((text) => ({ result: { data: { text } } }))
  expect(await response.json()).toEqual([first, second])
})

test('tells a declared outage of somebody else from a failure of its own', async () => {
  const declared = async (text: string) => {
    const { status, shown } = await ask({ path: 'talk.echo', input: JSON.stringify({ text }) }, true)
    return [status, new Map(shown as [string, string | undefined][]).get('x-error-declared')]
  }
  expect(await declared('far')).toEqual([503, 'true'])
  expect(await declared('busy')).toEqual([503, undefined])
  expect(await declared('boom')).toEqual([500, undefined])
  expect(await declared('')).toEqual([409, undefined])
})

test('says of a call for another service that it came to the wrong one, whatever its token', async () => {
  for (const path of ['orders.getSnapshot', 'orders.a,talk.echo', 'talker.echo']) {
    const response = await handle(new Request(`http://talk/trpc/${path}?input=%7B%7D`))
    expect([response.status, await response.text()]).toEqual([421, ''])
  }
})
