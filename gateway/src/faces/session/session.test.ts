import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { mutation } from '@comptoir/contracts/contract'
import { Session } from '@comptoir/contracts/identity/model'
import { z } from 'zod'
import { publicOperations } from '../../operations.ts'
import { fakeBrowsers, fromOwnPage } from '../../testing/browser.ts'
import { result, serveEdge } from '../../testing/serve-edge.ts'

const tokens = {
  accessToken: 'the access token',
  accessTokenExpiresAt: '2026-11-20T10:15:00.000Z',
  refreshToken: 'rt_secret',
  refreshTokenExpiresAt: '2026-12-20T10:00:00.000Z',
  kind: 'customer',
  subject: 'ada',
}
const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
const body = JSON.stringify({ email: 'ada@example.org', password: 'correct horse' })

test('signing in gives a cookie and no token', async () => {
  const browsers = fakeBrowsers()
  const { fetch, sent } = serveEdge(() => result(tokens), { browsers })
  const response = await fetch('/session/login', { method: 'POST', headers: own, body })
  expect(response.status).toBe(201)
  expect(response.headers.get('set-cookie')).toBe(
    '__Host-session=bs_opened; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax',
  )
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toEqual({
    kind: 'customer',
    subject: 'ada',
    expiresAt: '2026-12-04T10:00:00.000Z',
  })
  expect(browsers.told).toEqual(['opened by rt_secret after undefined'])
  expect(sent.map(({ path }) => path)).toEqual(['/trpc/identity.login'])
})

test('the guest of the cookie is who signs in, and their session is replaced', async () => {
  const browsers = fakeBrowsers()
  const { fetch, sent } = serveEdge(() => result(tokens), { browsers })
  await fetch('/session/login', { method: 'POST', headers: fromOwnPage('bs_guest'), body })
  expect(sent.map(({ actor }) => actor.id)).toEqual(['guest'])
  expect(browsers.told).toEqual(['opened by rt_secret after guest'])
})

test('a refusal of the service is told as on any other face, and gives no cookie', async () => {
  const problem = {
    type: 'urn:comptoir:problem:credentials-invalid',
    title: 'Credentials invalid',
    status: 401,
    detail: 'They do not belong together.',
    code: 'CREDENTIALS_INVALID',
  }
  const refused = () => Response.json({ error: { data: { problem } } }, { status: 401 })
  const { fetch } = serveEdge(refused, { browsers: fakeBrowsers() })
  const response = await fetch('/session/login', { method: 'POST', headers: own, body })
  expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null])
  expect(await response.json()).toMatchObject({ code: 'CREDENTIALS_INVALID', instance: '/session/login' })
})

test('an operation that a contract says opens a session is there with no other change, and no other is', async () => {
  const returning = mutation({
    summary: 'Come back',
    access: 'public',
    session: 'opens',
    input: z.strictObject({ word: z.string() }),
    output: Session,
  })
  const operations = publicOperations({ ...services, doors: { comeBack: returning } })
  const { fetch, sent } = serveEdge(() => result(tokens), { browsers: fakeBrowsers(), operations })
  const post = (name: string) =>
    fetch(`/session/${name}`, { method: 'POST', headers: own, body: '{"word":"open"}' })
  expect((await post('comeBack')).status).toBe(201)
  expect(sent.map(({ service, path }) => [service, path])).toEqual([['doors', '/trpc/doors.comeBack']])
  for (const name of ['refresh', 'updateMe', 'openBrowserSession', 'constructor', 'none'])
    expect((await post(name)).status).toBe(404)
})

test('tells who is signed in, and ends it', async () => {
  const browsers = fakeBrowsers()
  const { fetch } = serveEdge(() => result(null), { browsers })
  const who = async (headers: Record<string, string>) =>
    (await (await fetch('/session', { headers })).json()) as unknown
  expect(await who({})).toEqual({ kind: 'anonymous', subject: null, expiresAt: null })
  expect(await who(fromOwnPage('bs_ada'))).toMatchObject({ kind: 'customer', subject: 'ada' })
  const response = await fetch('/session', { method: 'DELETE', headers: fromOwnPage('bs_ada') })
  expect([response.status, response.headers.get('set-cookie')]).toEqual([
    204,
    '__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
  ])
  expect(browsers.told).toEqual(['closed ada'])
})

test('where cookies are no credential there is no such face', async () => {
  const { fetch } = serveEdge(() => result(tokens))
  expect((await fetch('/session', { headers: own })).status).toBe(404)
})
