import { describe, expect, test } from 'bun:test'
import { fakeBrowsers, fromOwnPage } from '../testing/browser.ts'
import { result, serveEdge } from '../testing/serve-edge.ts'

const browsers = fakeBrowsers()
const edge = (own?: string) =>
  serveEdge(({ actor }) => result({ id: actor.id }), {
    browsers: own === undefined ? browsers : fakeBrowsers(own),
  })
const cookie = (text: string) => ({ cookie: `theme=dark; __Host-session=${text}; lang=en` })
const codeOf = async (response: Response): Promise<unknown> => {
  const body = (await response.json()) as {
    code?: unknown
    error?: { data?: { code?: unknown } }
    errors?: { extensions: { code: unknown } }[]
  }
  return body.code ?? body.error?.data?.code ?? body.errors?.[0]?.extensions.code
}

const json = JSON.stringify({ name: 'Ada' })
const writes = [
  { face: '/v1', path: '/v1/me', method: 'PATCH', body: json },
  { face: '/trpc', path: '/trpc/identity.updateMe', method: 'POST', body: json },
  {
    face: '/graphql',
    path: '/graphql',
    method: 'POST',
    body: JSON.stringify({ query: 'mutation { identityUpdateMe(name: "Ada") { id } }' }),
  },
  { face: '/session', path: '/session/createGuest', method: 'POST', body: '{}' },
  { face: '/session, to sign out', path: '/session', method: 'DELETE', body: undefined },
] as const

/** How other pages try: each leaves out, or bends, one thing that a page of the edge itself sends. */
const tricks: Readonly<Record<string, Record<string, string | undefined>>> = {
  'a form on another site': {
    'sec-fetch-site': 'cross-site',
    origin: 'https://evil.example',
    'content-type': 'application/x-www-form-urlencoded',
  },
  'a form of plain text': { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
  'fetch without CORS': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'a page on a sub-domain': { 'sec-fetch-site': 'same-site', origin: 'https://blog.localhost' },
  'a page on another port': { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8081' },
  'a page that was typed in': { 'sec-fetch-site': 'none' },
  'a browser that says nothing': { 'sec-fetch-site': undefined },
  'an old browser on another site': { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
  'an old browser on a sub-domain': { 'sec-fetch-site': undefined, origin: 'http://blog.localhost' },
  'an old browser on another port': { 'sec-fetch-site': undefined, origin: 'http://localhost:8081' },
  'an old browser in a sandboxed frame': { 'sec-fetch-site': undefined, origin: 'null' },
  'an origin that only begins like ours': {
    'sec-fetch-site': undefined,
    origin: 'http://localhost.evil.example',
  },
  'an origin that only begins like a trusted one': {
    'sec-fetch-site': 'cross-site',
    origin: 'https://storefront.example.evil.example',
  },
}

const headersOf = (changes: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...fromOwnPage('bs_ada'), ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )

describe.each([...writes])('a write on $face with a cookie', ({ path, method, body }) => {
  const send = (headers: Record<string, string>, at = edge()) =>
    at.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) })

  test.each(Object.entries(tricks))('is refused to %s, and no service hears of it', async (_who, changes) => {
    const at = edge()
    browsers.told.length = 0
    const response = await send(headersOf(changes), at)
    expect([response.status, await codeOf(response)]).toEqual([403, 'FORBIDDEN'])
    expect(at.sent).toEqual([])
    expect(browsers.told).toEqual([])
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('is refused as plain text or as a form, whoever sends it', async () => {
    for (const type of ['text/plain', 'text/plain; application/json', 'multipart/form-data; boundary=x']) {
      const at = edge()
      expect((await send(headersOf({ 'content-type': type }), at)).status).toBe(415)
      expect(at.sent).toEqual([])
    }
  })

  test.each([
    ['of the edge itself', {}],
    ['of the edge itself in an old browser', { 'sec-fetch-site': undefined, origin: 'http://localhost' }],
    ['of a trusted origin', { 'sec-fetch-site': 'cross-site', origin: 'https://storefront.example' }],
  ])('is heard from a page %s', async (_where, changes) => {
    expect([403, 415]).not.toContain((await send(headersOf(changes))).status)
  })
})

test('where the edge knows its own address, no other is believed', async () => {
  const send = async (origin: string) =>
    (
      await edge('https://shop.example').fetch('/v1/me', {
        method: 'PATCH',
        body: json,
        headers: headersOf({ 'sec-fetch-site': undefined, origin }),
      })
    ).status
  expect(await send('https://shop.example')).toBe(200)
  expect(await send('http://localhost')).toBe(403)
  expect(await send('http://shop.example')).toBe(403)
})

test.each([
  ['tRPC', '/trpc/identity.updateMe?input=%7B%7D'],
  ['GraphQL', `/graphql?query=${encodeURIComponent('mutation { identityUpdateMe { id } }')}`],
])('a read address of %s does not write', async (_face, path) => {
  const at = edge()
  await at.fetch(path, { headers: cookie('bs_ada') })
  // The service refuses a write that is asked for by GET; GraphQL's is not even sent.
  expect(at.sent.every(({ method }) => method === 'GET')).toBe(true)
})

describe('a cookie', () => {
  test('says who asks, on each face', async () => {
    const at = edge()
    await at.fetch('/v1/me', { headers: cookie('bs_ada') })
    await at.fetch('/trpc/identity.getMe?input=%7B%7D', { headers: cookie('bs_ada') })
    const query = encodeURIComponent('{ identityGetMe { id } }')
    await at.fetch(`/graphql?query=${query}`, { headers: cookie('bs_ada') })
    expect(at.sent.map(({ actor }) => actor.id)).toEqual(['ada', 'ada', 'ada'])
    for (const { headers } of at.sent) expect(Object.keys(headers)).not.toContain('cookie')
  })

  test('is nothing beside an Authorization header, which needs no proof of the page it comes from', async () => {
    const at = edge()
    const headers = { ...cookie('bs_ada'), authorization: 'Bearer staff', 'content-type': 'application/json' }
    await at.fetch('/v1/me', { method: 'PATCH', body: json, headers })
    expect(at.sent.map(({ actor }) => actor.id)).toEqual(['a-1'])
    expect((await at.fetch('/v1/me', { headers: { ...headers, authorization: 'Bearer x' } })).status).toBe(
      401,
    )
  })

  test.each([
    '/v1/products/mug',
    '/trpc/catalog.listProducts?input=%7B%7D',
    '/graphql?query=%7B__typename%7D',
  ])('that is none any more is refused at %s and taken back', async (path) => {
    const at = edge()
    const response = await at.fetch(path, { headers: cookie('bs_gone') })
    expect([response.status, await codeOf(response)]).toEqual([401, 'UNAUTHENTICATED'])
    expect(response.headers.get('set-cookie')).toBe(
      '__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
    )
    expect(at.sent).toEqual([])
  })

  test('that comes twice is refused', async () => {
    const headers = { cookie: '__Host-session=bs_ada; __Host-session=bs_bob' }
    expect((await edge().fetch('/v1/me', { headers })).status).toBe(400)
  })

  test('of another name is none', async () => {
    const at = edge()
    for (const name of ['session', '__Secure-session', 'x__Host-session', '__host-session'])
      expect((await at.fetch('/v1/me', { headers: { cookie: `${name}=bs_ada` } })).status).toBe(401)
  })
})

test('an answer to one person is told to nobody else, and one to anybody is not told to a person', async () => {
  const at = edge()
  const mug = '/v1/products/mug'
  const ask = async (who?: string) => {
    const response = await at.fetch(mug, who === undefined ? {} : { headers: cookie(who) })
    return [((await response.json()) as { id: string }).id, response.headers.get('cache-control')]
  }
  const kept = ['anonymous', 'public, max-age=5, stale-if-error=300']
  expect(await ask('bs_ada')).toEqual(['ada', 'no-store'])
  expect(await ask()).toEqual(kept)
  expect(await ask('bs_bob')).toEqual(['bob', 'no-store'])
  expect(await ask('bs_ada')).toEqual(['ada', 'no-store'])
  expect(await ask()).toEqual(kept)
})

test('pages of other origins get no answer with the cookie, unless they are trusted', async () => {
  const allow = async (origin: string, corsOrigins: string[]) => {
    const at = serveEdge(() => result({}), { browsers, corsOrigins })
    const { headers } = await at.fetch('/v1/me', { headers: { ...cookie('bs_ada'), origin } })
    return [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')]
  }
  const cors = ['https://reader.example']
  expect(await allow('https://storefront.example', cors)).toEqual(['https://storefront.example', 'true'])
  expect(await allow('https://reader.example', cors)).toEqual(['https://reader.example', null])
  expect(await allow('https://evil.example', cors)).toEqual([null, null])
  expect(await allow('null', [])).toEqual([null, null])
})
