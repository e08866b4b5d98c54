import { afterEach, expect, setSystemTime, test } from 'bun:test'
import { commonError } from '@comptoir/contracts/errors'
import type { Standing } from '../revocations.ts'
import { createBrowserSessions } from './browser-sessions.ts'

const startedAt = Date.parse('2026-11-20T10:00:00.000Z')
const resolved = {
  kind: 'customer' as const,
  subject: '01900000-0000-7000-8000-000000000001',
  session: '01900000-0000-7000-8000-000000000002',
  expiresAt: '2026-11-20T11:00:00.000Z',
  scopes: [],
  provedAt: 1_763_632_800,
  rightsVersion: 3,
}

interface Scene {
  answer: () => typeof resolved | null
  revokes: (standing: Standing) => boolean
  asked: string[]
}

const scene = () => {
  setSystemTime(startedAt)
  const told: Scene = { answer: () => resolved, revokes: () => false, asked: [] }
  const sessions = createBrowserSessions({
    identity: {
      resolveSession: async ({ cookieHash }) => (told.asked.push(cookieHash), told.answer()),
      openBrowserSession: async () => ({ ...resolved, cookie: 'bs_new' }),
      closeBrowserSession: async () => null,
    },
    revocations: { loaded: async () => undefined, revokes: (standing) => told.revokes(standing) },
  })
  return { told, sessions }
}
const later = (ms: number) => setSystemTime(startedAt + ms)
const away = () => {
  throw commonError('UNAVAILABLE')
}
afterEach(() => setSystemTime())

test('a cookie has the actor that identity tells, and identity never sees the cookie itself', async () => {
  const { told, sessions } = scene()
  expect((await sessions.find('bs_ada'))?.actor).toEqual({
    kind: 'customer',
    id: resolved.subject,
    scopes: [],
    session: resolved.session,
    provedAt: resolved.provedAt,
  })
  expect(told.asked).toEqual([expect.stringMatching(/^[\da-f]{64}$/) as string])
})

test('many requests at once ask once, and again after half a minute', async () => {
  const { told, sessions } = scene()
  await Promise.all(Array.from({ length: 20 }, () => sessions.find('bs_ada')))
  later(29_000)
  await sessions.find('bs_ada')
  expect(told.asked).toHaveLength(1)
  later(30_000)
  await sessions.find('bs_ada')
  expect(told.asked).toHaveLength(2)
})

test('two cookies are never taken for one another', async () => {
  const { told, sessions } = scene()
  await sessions.find('bs_ada')
  told.answer = () => ({ ...resolved, subject: 'bob' })
  expect((await sessions.find('bs_bob'))?.subject).toBe('bob')
  expect((await sessions.find('bs_ada'))?.subject).toBe(resolved.subject)
})

test('a session that was revoked is over, though it was known a moment ago', async () => {
  const { told, sessions } = scene()
  await sessions.find('bs_ada')
  told.revokes = ({ session }) => session === resolved.session
  told.answer = () => null
  expect(await sessions.find('bs_ada')).toBeUndefined()
})

test('rights that have changed are asked for again', async () => {
  const { told, sessions } = scene()
  await sessions.find('bs_ada')
  told.revokes = ({ rights = 0 }) => rights < 4
  // As long as identity tells the old ones they are none.
  expect(await sessions.find('bs_ada')).toBeUndefined()
  told.answer = () => ({ ...resolved, rightsVersion: 4 })
  expect((await sessions.find('bs_ada'))?.subject).toBe(resolved.subject)
})

test('a session ends when it expires, asked for or not', async () => {
  const { told, sessions } = scene()
  told.answer = () => ({ ...resolved, expiresAt: new Date(startedAt + 10_000).toISOString() })
  await sessions.find('bs_ada')
  later(10_000)
  told.answer = () => null
  expect(await sessions.find('bs_ada')).toBeUndefined()
})

test('what is known holds for a quarter of an hour while identity is away, unless it is revoked', async () => {
  const { told, sessions } = scene()
  await sessions.find('bs_ada')
  told.answer = away
  later(14 * 60_000)
  expect((await sessions.find('bs_ada'))?.subject).toBe(resolved.subject)
  told.revokes = () => true
  await expect(sessions.find('bs_ada')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  told.revokes = () => false
  later(15 * 60_000)
  await expect(sessions.find('bs_ada')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(sessions.find('bs_bob')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('a session that was closed here is asked for again at once', async () => {
  const { told, sessions } = scene()
  const found = await sessions.find('bs_ada')
  if (found === undefined) throw new Error('The session is missing')
  await sessions.close(found)
  told.answer = () => null
  expect(await sessions.find('bs_ada')).toBeUndefined()
})
