import { describe, expect, test } from 'bun:test'
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql'
import { asGuest, bodyMaxBytes, cart, graphqlEdge } from '../../testing/graphql-edge.ts'

describe('a request', () => {
  const query = '{ __typename }'
  const nested = `${'['.repeat(40)}${']'.repeat(40)}`
  const tooDeep = `{"query":"${query}","variables":{"a":${nested}}}`
  const json = { 'content-type': 'application/json' }
  test.each<[string, RequestInit, number, string]>([
    ['no JSON', { method: 'POST', headers: json, body: '{"query":' }, 400, 'MALFORMED_REQUEST'],
    ['a form', { method: 'POST', body: new URLSearchParams({ query }) }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'bare GraphQL',
      { method: 'POST', headers: { 'content-type': 'application/graphql' }, body: query },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'several operations',
      { method: 'POST', headers: json, body: JSON.stringify([{ query }]) },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'too large',
      { method: 'POST', headers: json, body: 'x'.repeat(bodyMaxBytes + 1) },
      413,
      'BODY_TOO_LARGE',
    ],
    ['too deep', { method: 'POST', headers: json, body: tooDeep }, 400, 'MALFORMED_REQUEST'],
    [
      'another method',
      { method: 'PUT', headers: json, body: JSON.stringify({ query }) },
      405,
      'METHOD_NOT_ALLOWED',
    ],
  ])('that is %s is refused', async (_what, init, status, code) => {
    const { fetch, sent } = graphqlEdge()
    const headers = new Headers(init.headers)
    headers.set('accept', 'application/graphql-response+json')
    const response = await fetch('/graphql', { ...init, headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    const problem = { code, status, instance: '/graphql', requestId: response.headers.get('x-request-id') }
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code, problem } }] })
    expect(sent).toEqual([])
  })

  test.each([
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.5', 'application/json'],
    ['application/graphql-response+json', 'application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
    ['text/event-stream', 'application/graphql-response+json'],
    ['*/*', 'application/graphql-response+json'],
  ])('is refused to a client that accepts %s as %s', async (accept, type) => {
    const { fetch } = graphqlEdge()
    for (const refused of [{ authorization: 'Bearer wrong' }, { 'content-type': 'text/plain' }]) {
      const headers = { ...json, ...refused, accept }
      const response = await fetch('/graphql', { method: 'POST', headers, body: '{}' })
      expect([401, 415]).toContain(response.status)
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
      expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] })
    }
  })

  test('with a wrong credential is refused with what it would take', async () => {
    const { fetch } = graphqlEdge()
    const { status, headers } = await fetch('/graphql', { headers: { authorization: 'Bearer wrong' } })
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  test('by GET may ask, and may not change anything', async () => {
    const { fetch, sent } = graphqlEdge({ answers: { 'carts.getCart': () => cart } })
    const get = (query: string) => fetch(`/graphql?query=${encodeURIComponent(query)}`, { headers: asGuest })
    expect(await (await get('{ cartsGetCart { id } }')).json()).toEqual({
      data: { cartsGetCart: { id: 'c-1' } },
    })
    const refused = await get('mutation { cartsClearCart { id } }')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
    expect(sent).toHaveLength(1)
  })

  test('hands on no header of the client but those it knows', async () => {
    const { ask, sent } = graphqlEdge({ answers: { 'carts.getCart': () => cart } })
    await ask(
      '{ cartsGetCart { id } }',
      {},
      { 'x-deadline-ms': '9', cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' },
    )
    expect(Object.keys(sent[0]!.headers)).toEqual(['content-type'])
  })
})

describe('what there is', () => {
  const shown = { introspection: true, graphiql: true }

  test('is told where that is allowed, and not otherwise', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect((await graphqlEdge({ shown }).ask(query)).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    })
    const { data, errors } = await graphqlEdge().ask(query)
    expect(data).toBeUndefined()
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('MALFORMED_REQUEST')
  })

  test('is told whole to the tools that ask for it', async () => {
    const { data, errors } = await graphqlEdge({ shown }).ask(getIntrospectionQuery())
    expect(errors).toBeUndefined()
    expect(() => buildClientSchema(data as IntrospectionQuery & Record<string, unknown>)).not.toThrow()
  })

  test.each([
    ['a field', '{ catalogListProduct { nodes { id } } }', {}],
    ['an argument', '{ catalogListProducts(firsts: 2) { nodes { id } } }', {}],
    ['a value', '{ catalogListProducts(sort: PRICES) { nodes { id } } }', {}],
    [
      'a variable',
      'query ($s: CatalogListProductsSort) { catalogListProducts(sort: $s) { nodes { id } } }',
      { s: 'PRICES' },
    ],
  ])('is not hinted at by a wrong name of %s', async (_what, query, variables) => {
    const told = (await graphqlEdge({ shown }).ask(query, variables)).errors?.[0]?.message
    expect(told).toContain('Did you mean')
    const { errors } = await graphqlEdge().ask(query, variables)
    expect(errors).toHaveLength(1)
    expect(JSON.stringify(errors)).not.toContain('Did you mean')
  })

  test('can be written to on a page that needs nobody else, where that is allowed', async () => {
    const browser = { headers: { accept: 'text/html,application/xhtml+xml' } }
    const response = await graphqlEdge({ shown }).fetch('/graphql', browser)
    expect(response.headers.get('content-type')).toStartWith('text/html')
    expect(response.headers.get('content-security-policy')).toStartWith(
      "default-src 'none'; connect-src 'self'",
    )
    const page = await response.text()
    expect(page).toContain('YogaGraphiQL')
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]*\s(src|href)="(https?:)?\/\//)
    expect(page).not.toMatch(/bearer ey/i)
    expect((await graphqlEdge().fetch('/graphql', browser)).status).toBe(406)
  })
})
