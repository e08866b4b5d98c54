import { afterEach, expect, setSystemTime, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { commonError } from '@comptoir/contracts/errors'
import { ApiKeyId, type ResolvedApiKey } from '@comptoir/contracts/identity/machine-model'
import { createApiKeys } from './api-keys.ts'

const id = ApiKeyId.parse('01900000-0000-7000-8000-000000000001')
const key = `ck_live_${'k'.repeat(43)}`
const hash = createHash('sha256').update(key).digest('hex')
const made = (more: Partial<ResolvedApiKey> = {}): ResolvedApiKey => ({
  id,
  scopes: ['orders:read'],
  networks: [],
  expiresAt: null,
  ...more,
})

afterEach(() => {
  setSystemTime()
})

/** The keys of an edge whose identity knows what `keys` holds, by hash. */
const edge = (keys: Map<string, ResolvedApiKey>) => {
  const asked: string[] = []
  const revoked = new Set<string>()
  let isAway = false
  const check = createApiKeys({
    revocations: { loaded: () => Promise.resolve(), revokes: ({ subject }) => revoked.has(subject) },
    resolveApiKey: async (keyHash) => {
      asked.push(keyHash)
      if (isAway) throw commonError('UNAVAILABLE')
      return keys.get(keyHash) ?? null
    },
  })
  const codeOf = (shown = key, address?: string): Promise<unknown> =>
    check(shown, address).then(
      (actor) => actor.id,
      (error: unknown) => (error as { code?: unknown }).code,
    )
  return { asked, revoked, check, codeOf, leave: () => (isAway = true) }
}

test('a key is a machine with the scopes that it was given, and identity never sees it', async () => {
  const { check, asked } = edge(new Map([[hash, made()]]))
  expect(await check(key, undefined)).toEqual({ kind: 'client', id, scopes: ['orders:read'] })
  expect(asked).toEqual([hash])
})

test('identity is asked once for many requests, and again after half a minute', async () => {
  const keys = new Map([[hash, made()]])
  const { codeOf, asked } = edge(keys)
  await Promise.all([codeOf(), codeOf(), codeOf()])
  await codeOf()
  expect(asked).toHaveLength(1)
  keys.delete(hash)
  setSystemTime(Date.now() + 30_001)
  // Asked beside this request, which does not wait for it.
  expect(await codeOf()).toBe(id)
  expect(asked).toHaveLength(2)
  expect(await codeOf()).toBe('UNAUTHENTICATED')
})

test('a key that is known opens for a quarter of an hour while identity is away, unless it is revoked', async () => {
  const keys = new Map([[hash, made()]])
  const { codeOf, revoked, leave } = edge(keys)
  expect(await codeOf()).toBe(id)
  leave()
  const knownAt = Date.now()
  setSystemTime(knownAt + 14 * 60_000)
  for (let n = 0; n < 10; n += 1) expect(await codeOf()).toBe(id)
  revoked.add(id)
  expect(await codeOf()).toBe('UNAUTHENTICATED')
  revoked.clear()
  setSystemTime(knownAt + 16 * 60_000)
  expect(await codeOf()).toBe('UNAVAILABLE')
})

test('a key that was revoked opens nothing, also where it was taken before', async () => {
  const { codeOf, revoked } = edge(new Map([[hash, made()]]))
  expect(await codeOf()).toBe(id)
  revoked.add(id)
  expect(await codeOf()).toBe('UNAUTHENTICATED')
})

test('a key ends when it expires, also where it was taken before', async () => {
  const expiresAt = new Date(Date.now() + 5_000).toISOString()
  const { codeOf } = edge(new Map([[hash, made({ expiresAt })]]))
  expect(await codeOf()).toBe(id)
  setSystemTime(Date.parse(expiresAt))
  expect(await codeOf()).toBe('UNAUTHENTICATED')
})

test.each([
  ['203.0.113.7', 'UNAUTHENTICATED'],
  ['198.51.100.200', id],
  ['2001:db8::1', id],
  ['2001:db9::1', 'UNAUTHENTICATED'],
  [undefined, 'UNAUTHENTICATED'],
])('a key for two networks shown from %p is %p', async (address, outcome) => {
  const networks = ['198.51.100.0/24', '2001:db8::/32']
  const { codeOf } = edge(new Map([[hash, made({ networks })]]))
  expect(await codeOf(key, address)).toBe(outcome)
})

test('what nobody has is asked for once in three seconds, and what cannot be a key not at all', async () => {
  const keys = new Map<string, ResolvedApiKey>()
  const { codeOf, asked } = edge(keys)
  for (const shown of [key, key, 'ck_live_short', `ck_test_${'k'.repeat(43)}`, `${key}k`])
    expect(await codeOf(shown)).toBe('UNAUTHENTICATED')
  expect(asked).toEqual([hash])
  keys.set(hash, made())
  setSystemTime(Date.now() + 3_001)
  expect(await codeOf()).toBe(id)
})

test('a flood of keys that nobody has does not make the edge forget those that are good', async () => {
  const { codeOf, asked } = edge(new Map([[hash, made()]]))
  await codeOf()
  for (let n = 0; n < 10_100; n += 1) await codeOf(`ck_live_${String(n).padStart(43, '0')}`)
  asked.length = 0
  expect(await codeOf()).toBe(id)
  expect(asked).toEqual([])
})
