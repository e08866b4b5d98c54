import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { ServiceError } from '@comptoir/contracts/errors'
import { publicOperations } from '../../operations.ts'
import { defaultLimits } from '../../protection/limits.ts'
import { createProtection } from '../../protection/protection.ts'
import { serveEdge } from '../../testing/serve-edge.ts'
import type { OAuthCalls } from './oauth-calls.ts'

const limited = (quota: number) => ({ quota, windowSeconds: 60 })
const rates = { ...defaultLimits.rates, entry: limited(2), write: limited(4), read: limited(6) }
const refuse = (code: string) => Promise.reject(new ServiceError(code, { status: 400, message: 'no' }))

/** An edge that knows the client `shop` by the secret `s`, and the public client `app`. */
const serving = () => {
  let asked = 0
  const judge = async ({ client }: { client: { clientId: string; secret: string | null } }) => {
    asked += 1
    const isKnown = client.clientId === 'app' || (client.clientId === 'shop' && client.secret === 's')
    return isKnown ? null : refuse('CLIENT_INVALID')
  }
  const calls = {
    introspectToken: judge,
    revokeToken: judge,
    redeemCode: (input: Parameters<typeof judge>[0]) => judge(input).then(() => refuse('GRANT_INVALID')),
  } as unknown as OAuthCalls
  const protection = createProtection({
    operations: publicOperations(services),
    limits: () => ({ ...defaultLimits, rates }),
    trustedProxies: 0,
  })
  const { fetch } = serveEdge(() => Response.error(), {
    oauth: calls,
    // There are no sockets here.
    protection: { ...protection, clientOf: () => '198.51.100.1' },
  })
  const post = (path: string, form: Record<string, string>) =>
    fetch(`/oauth/${path}`, { method: 'POST', body: new URLSearchParams({ token: 't', ...form }) })
  const statuses = async (count: number, one: () => Promise<Response>) => {
    const all: number[] = []
    for (let n = 0; n < count; n += 1) all.push((await one()).status)
    return all
  }
  return { post, statuses, asked: () => asked }
}

const shop = { client_id: 'shop', client_secret: 's' }
const code = { grant_type: 'authorization_code', code: 'c', redirect_uri: 'r', code_verifier: 'v' }

test('a program that proves who it is asks as often as any caller may, and is told what is left', async () => {
  const { post, statuses } = serving()
  const first = await post('introspect', shop)
  expect([first.status, first.headers.get('ratelimit')]).toEqual([200, '"read";r=5;t=10'])
  expect(await statuses(6, () => post('introspect', shop))).toEqual([200, 200, 200, 200, 200, 429])
  expect(await statuses(5, () => post('revoke', shop))).toEqual([200, 200, 200, 200, 429])
})

test('codes that are none count for the program that shows them, and for the address where that proves nothing', async () => {
  const { post, statuses } = serving()
  expect(await statuses(5, () => post('token', { ...code, ...shop }))).toEqual([400, 400, 400, 400, 429])
  expect(await statuses(3, () => post('token', { ...code, client_id: 'app' }))).toEqual([400, 400, 429])
})

test('who fails to prove who they are is soon refused before anybody is asked, and uses up nobody’s quota', async () => {
  const { post, statuses, asked } = serving()
  const guess = () => post('token', { ...code, client_id: 'shop', client_secret: 'guess' })
  expect(await statuses(4, guess)).toEqual([401, 401, 429, 429])
  expect(asked()).toBe(2)
  const refused = await guess()
  expect(refused.headers.get('ratelimit')).toStartWith('"entry";r=0;')
  expect(refused.headers.get('retry-after')).toBe('30')
})
