import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { type Actor, anonymous } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { browserSessionProcedures } from '@comptoir/contracts/identity/browser-sessions'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'

const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  STAFF_SECOND_FACTOR: 'optional',
})
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals(browserSessionProcedures)
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>
beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const hour = 60 * 60_000
const day = 24 * hour
const password = 'correct horse battery'
const own: Actor = { kind: 'service', id: 'gateway', scopes: [] }
const edge = () => service.as(own)
const hash = (cookie: string) => createHash('sha256').update(cookie).digest('hex')
const resolve = (cookie: string) => edge().resolveSession({ cookieHash: hash(cookie) })
const open = ({ refreshToken }: Session, replaces?: string) =>
  edge().openBrowserSession({
    refreshToken,
    ...(replaces === undefined ? {} : { replaces: hash(replaces) }),
  })
const newEmail = () => `ada.${crypto.randomUUID()}@example.org`
const register = (email = newEmail()) => service.as(anonymous).register({ email, password, name: 'Ada' })
const lastSeen = async (session: string) => {
  const [row] = await service.sql<
    { at: Date }[]
  >`select last_seen_at as at from sessions where id = ${session}`
  return row?.at
}
const seenAt = async (session: string, at: Date): Promise<void> => {
  while ((await lastSeen(session))?.getTime() !== at.getTime()) await new Promise(setImmediate)
}

test('a cookie is 256 random bits, kept as a hash, and worth the rights of its person', async () => {
  const session = await register()
  const { cookie, ...told } = await open(session)
  expect(cookie).toMatch(/^bs_[\w-]{43}$/)
  const expiresAt = new Date(clock.now().getTime() + 14 * day).toISOString()
  expect(told).toEqual({ kind: 'customer', subject: session.subject, expiresAt })
  expect(await resolve(cookie)).toMatchObject({
    ...told,
    scopes: [],
    provedAt: clock.now().getTime() / 1_000,
    rightsVersion: 1,
  })
  const [row] = await service.sql`select (select json_agg(s) from sessions s)::text as everything`
  expect(row?.['everything']).not.toContain(cookie)
  expect(row?.['everything']).toContain(hash(cookie))
})

test('the tokens that a cookie was made of are worth nothing any more', async () => {
  const session = await register()
  await open(session)
  await expectRefusal(open(session), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
  const { refreshToken } = session
  await expectRefusal(service.as(anonymous).refresh({ refreshToken }), 'refresh', 'REFRESH_TOKEN_INVALID')
})

test('of two at once that show the tokens one gets a cookie', async () => {
  const session = await register()
  const results = await Promise.allSettled([open(session), open(session), open(session)])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a used token, one that expired and one of a session that has ended give no cookie', async () => {
  const used = await register()
  await service.as(anonymous).refresh({ refreshToken: used.refreshToken })
  await expectRefusal(open(used), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
  const ended = await register()
  await service.as(anonymous).logout({ refreshToken: ended.refreshToken })
  await expectRefusal(open(ended), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
  const old = await register()
  clock.advance(30 * day)
  await expectRefusal(open(old), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
})

test('what was given to a third party never becomes a browser’s', async () => {
  const session = await register()
  await service.sql`update sessions set client_id = gen_random_uuid() where subject_id = ${session.subject}`
  await expectRefusal(open(session), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
})

test('signing in gives another session and another cookie, and ends the one before', async () => {
  const guest = await open(await service.as(anonymous).createGuest({}))
  const person = await open(await register(), guest.cookie)
  expect(await resolve(guest.cookie)).toBeNull()
  const known = await resolve(person.cookie)
  expect(known?.kind).toBe('customer')
  const [revoked] = await service.sql`select 1 from revocations where subject = ${guest.subject}`
  expect(revoked).toBeDefined()
})

test('somebody who cannot sign in any more has no session', async () => {
  const { cookie, subject } = await open(await register())
  await service.sql`update users set disabled_at = now() where id = ${subject}`
  expect(await resolve(cookie)).toBeNull()
  const late = await register()
  await service.sql`update users set disabled_at = now() where id = ${late.subject}`
  await expectRefusal(open(late), 'openBrowserSession', 'REFRESH_TOKEN_INVALID')
})

test('a cookie has the rights that its person has now', async () => {
  const { cookie, subject } = await open(await register())
  await service.sql`update users set role = 'staff', rights_version = 2 where id = ${subject}`
  const known = await resolve(cookie)
  expect(known).toMatchObject({ kind: 'staff', rightsVersion: 2 })
  expect(known?.expiresAt).toBe(new Date(clock.now().getTime() + 12 * hour).toISOString())
  expect(known?.scopes).toContain('orders:read')
})

test('a session that is used goes on, for 30 days at most; one that is not ends', async () => {
  const { cookie } = await open(await register())
  const start = clock.now().getTime()
  const session = (await resolve(cookie))?.session ?? ''
  for (const days of [13, 26]) {
    clock.advance(13 * day)
    expect(await resolve(cookie)).not.toBeNull()
    await seenAt(session, new Date(start + days * day))
  }
  expect((await resolve(cookie))?.expiresAt).toBe(new Date(start + 30 * day).toISOString())
  clock.advance(4 * day)
  expect(await resolve(cookie)).toBeNull()

  const idle = await open(await register())
  clock.advance(14 * day)
  expect(await resolve(idle.cookie)).toBeNull()
})

test('when it was used is noted once a minute', async () => {
  const { cookie } = await open(await register())
  const opened = clock.now()
  const session = (await resolve(cookie))?.session ?? ''
  clock.advance(60_000)
  await resolve(cookie)
  expect(await lastSeen(session)).toEqual(opened)
  clock.advance(1)
  await Promise.all([resolve(cookie), resolve(cookie), resolve(cookie)])
  await seenAt(session, clock.now())
})

test('a session that is closed is over, told to the edge, and written down', async () => {
  const { cookie, subject } = await open(await register())
  const session = (await resolve(cookie))?.session ?? ''
  const cookieHash = hash(cookie)
  expect(await edge().closeBrowserSession({ cookieHash })).toBeNull()
  expect(await resolve(cookie)).toBeNull()
  expect(await service.sql`select 1 from revocations where session_id = ${session}`).toHaveLength(1)
  const entries = await service.sql`
    select actor_id from audit_entries where action = 'session.ended' and target = ${subject}`
  expect(entries.map((entry) => entry['actor_id'])).toEqual([subject])
  expect(await edge().closeBrowserSession({ cookieHash })).toBeNull()
})

test('every error that these procedures declare was seen above', () => {
  expect(unseen()).toEqual([])
})
