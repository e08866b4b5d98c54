import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import type { OAuthCalls } from '../faces/oauth/oauth-calls.ts'
import { publicOperations } from '../operations.ts'
import { result, serveEdge } from '../testing/serve-edge.ts'
import { defaultLimits, scaledLimits } from './limits.ts'
import { networkHash } from './network-header.ts'
import { createProtection } from './protection.ts'

const protection = {
  ...createProtection({
    operations: publicOperations(services),
    limits: () => scaledLimits(defaultLimits, { rate: 1_000, load: 1_000 }),
    trustedProxies: 0,
  }),
}

/** An edge whose clients are all in one network. */
const edgeAt = (client: string) =>
  serveEdge(
    ({ path }) =>
      path.includes('batch=1') ? Response.json([{ result: { data: {} } }]) : result({ kind: 'customer' }),
    { protection: { ...protection, clientOf: () => client } },
  )

const proof = { email: 'ada@example.org', password: 'a long enough password' }
const login = `mutation { identityLogin(email: "${proof.email}", password: "${proof.password}") { kind } }`
const ways: readonly (readonly [face: string, path: string, body: object])[] = [
  ['REST', '/v1/auth/login', proof],
  ['tRPC', '/trpc/identity.login', proof],
  ['a tRPC batch', '/trpc/identity.logout,identity.login?batch=1', { 0: { refreshToken: 'r' }, 1: proof }],
  [
    'a tRPC batch over several services',
    '/trpc/identity.login,orders.cancelOrder?batch=1',
    { 0: proof, 1: {} },
  ],
  ['GraphQL', '/graphql', { query: login }],
]

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-network': 'b'.repeat(64), authorization: 'Bearer guest' },
  body: JSON.stringify(body),
})

describe.each(ways)('over %s', (_face, path, body) => {
  test('a service hears the hash of the network that signs in, as the edge counts it', async () => {
    const { fetch, sent } = edgeAt('2001:db8:1:2::/64')
    await fetch(path, post(body))
    const heard = sent
      .filter(({ service }) => service === 'identity')
      .map(({ headers }) => headers['x-network'])
    expect(heard).toEqual([networkHash('2001:db8:1:2::/64')])
    expect(JSON.stringify(sent)).not.toContain('2001:db8')
    for (const { headers } of sent.filter(({ service }) => service !== 'identity'))
      expect(headers).not.toHaveProperty('x-network')
  })

  test('it hears nothing where the edge cannot tell', async () => {
    const { fetch, sent } = edgeAt('unknown')
    await fetch(path, post(body))
    expect(sent.length).toBeGreaterThan(0)
    for (const { headers } of sent) expect(headers).not.toHaveProperty('x-network')
  })
})

test('nothing is told where nothing is counted by it', async () => {
  const { fetch, sent } = edgeAt('198.51.100.7')
  await fetch('/v1/auth/logout', post({ refreshToken: 'r' }))
  await fetch('/trpc/identity.logout', post({ refreshToken: 'r' }))
  expect(sent).toHaveLength(2)
  for (const { headers } of sent) expect(headers).not.toHaveProperty('x-network')
})

test('who signs in on the page of a third party is told of like everybody', async () => {
  const told: unknown[] = []
  const oauth = {
    prepareAuthorization: async () => ({ clientName: 'App', scopes: ['account'], person: null }),
    login: async (_input, options) => {
      told.push(options)
      throw new Error('That is all')
    },
  } satisfies Partial<OAuthCalls> as unknown as OAuthCalls
  const { fetch } = serveEdge(() => Response.error(), {
    oauth,
    publicUrl: 'http://localhost',
    protection: { ...protection, clientOf: () => '198.51.100.7' },
  })
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: 'https://app.example/back',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()
  await fetch('/oauth/authorize', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
    body: new URLSearchParams({ step: 'sign-in', request, ...proof }).toString(),
  })
  expect(told).toEqual([{ network: networkHash('198.51.100.7') }])
})
