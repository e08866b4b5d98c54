import { describe, expect, test } from 'bun:test'
import { ServiceError } from '@comptoir/contracts/errors'
import { asGuest, cart, graphqlEdge, price, sentJson } from '../../testing/graphql-edge.ts'

const summary = (id: string) => ({
  id,
  slug: id,
  name: id.toUpperCase(),
  imageUrl: null,
  categoryId: null,
  price,
  inStock: true,
})
const key = 'k'.repeat(16)
const inputOf = (path: string): unknown =>
  JSON.parse(new URL(path, 'http://service').searchParams.get('input') ?? '{}')

describe('a query', () => {
  test('of a page is a connection, and first and after are the page’s limit and cursor', async () => {
    const items = [summary('mug'), summary('towel')]
    const { ask, sent } = graphqlEdge({
      answers: { 'catalog.listProducts': () => ({ items, nextCursor: 'next' }) },
    })
    const { data, errors } = await ask(
      `query ($after: String) { catalogListProducts(q: "m", first: 2, after: $after, sort: PRICE_DESC, inStock: null) {
        edges { cursor node { id price { amountMinor } } } nodes { name } pageInfo { hasNextPage endCursor } } }`,
      { after: 'before' },
    )
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      catalogListProducts: {
        edges: [
          { cursor: null, node: { id: 'mug', price: { amountMinor: 1_250 } } },
          { cursor: 'next', node: { id: 'towel', price: { amountMinor: 1_250 } } },
        ],
        nodes: [{ name: 'MUG' }, { name: 'TOWEL' }],
        pageInfo: { hasNextPage: true, endCursor: 'next' },
      },
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ service: 'catalog', method: 'GET', actor: { kind: 'guest', id: 'g-1' } })
    expect(inputOf(sent[0]!.path)).toEqual({ q: 'm', limit: 2, cursor: 'before', sort: '-price' })
  })

  test('tells the members of a union apart', async () => {
    const { ask } = graphqlEdge({ answers: { 'carts.getCart': () => cart } })
    const { data } = await ask(`{ cartsGetCart { problems { __typename
      ... on CartProblemDeliveryOptionNotOffered { option } } } }`)
    expect(data).toEqual({
      cartsGetCart: {
        problems: [
          { __typename: 'CartProblemCartEmpty' },
          { __typename: 'CartProblemDeliveryOptionNotOffered', option: 'drone' },
        ],
      },
    })
  })

  test('of several things asks each service once, and nothing twice', async () => {
    const { ask, sent } = graphqlEdge({
      answers: {
        'catalog.listCategories': () => ({ items: [] }),
        'catalog.getProduct': ({ productId }) => {
          if (productId === 'gone')
            throw new ServiceError('PRODUCT_NOT_FOUND', { status: 404, message: 'Gone' })
          return {
            ...summary(String(productId)),
            description: '',
            variants: [],
            status: 'active',
            version: 1,
          }
        },
        'carts.getCart': () => cart,
      },
    })
    const { data, errors } = await ask(`{
      a: catalogGetProduct(productId: "mug") { name } b: catalogGetProduct(productId: "mug") { slug }
      c: catalogGetProduct(productId: "gone") { name } catalogListCategories { items { id } } cartsGetCart { id } }`)
    expect(sent.map(({ path }) => path.split('?')[0])).toEqual([
      '/trpc/catalog.getProduct,catalog.getProduct,catalog.listCategories',
      '/trpc/carts.getCart',
    ])
    expect(data).toMatchObject({
      a: { name: 'MUG' },
      b: { slug: 'mug' },
      c: null,
      cartsGetCart: { id: 'c-1' },
    })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ path: ['c'], extensions: { code: 'PRODUCT_NOT_FOUND' } })
  })

  test('of more than ten things goes to its service in tens', async () => {
    const { ask, sent } = graphqlEdge({ answers: { 'catalog.getProduct': () => summary('mug') } })
    const fields = Array.from({ length: 12 }, (_, n) => `p${n}: catalogGetProduct(productId: "p${n}") { id }`)
    const { errors } = await ask(`{ ${fields.join(' ')} }`)
    expect(errors).toBeUndefined()
    expect(sent.map(({ path }) => path.split('?')[0]?.split(',').length)).toEqual([10, 2])
  })

  test('with inputs too long for one address is sent in several', async () => {
    const { ask, sent } = graphqlEdge({ answers: { 'catalog.getProduct': () => summary('mug') } })
    const fields = Array.from(
      { length: 4 },
      (_, n) => `p${n}: catalogGetProduct(productId: "${String(n).repeat(2_500)}") { id }`,
    )
    const { errors } = await ask(`{ ${fields.join(' ')} }`)
    expect(errors).toBeUndefined()
    expect(sent.map(({ path }) => path.length < 8_000)).toEqual([true, true])
  })
})

describe('a mutation', () => {
  const answers = {
    'carts.addLine': () => cart,
    'identity.logout': () => null,
    'carts.clearCart': () => cart,
  }
  const addLine = (more = '') => `cartsAddLine(variantId: "v-1", quantity: 2${more}) { id }`

  test('hands on the request’s Idempotency-Key, and tells of a replay', async () => {
    const { post, sent } = graphqlEdge({
      upstream: () =>
        Response.json({ result: { data: cart } }, { headers: { 'idempotency-replayed': 'true' } }),
    })
    const response = await post(
      { query: `mutation { ${addLine()} }` },
      { ...asGuest, 'idempotency-key': key },
    )
    expect(await response.json()).toEqual({ data: { cartsAddLine: { id: 'c-1' } } })
    expect(response.headers.get('idempotency-replayed')).toBe('true')
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/trpc/carts.addLine' })
    expect(sent[0]?.body).toBe('{"variantId":"v-1","quantity":2}')
    expect(sent[0]?.headers['idempotency-key']).toBe(key)
  })

  test('of several has the keys of its arguments, and none of the header', async () => {
    const { ask, sent } = graphqlEdge({ answers })
    const two = `mutation { a: ${addLine(`, idempotencyKey: "${key}"`)} cartsClearCart { id } }`
    expect((await ask(two)).errors).toBeUndefined()
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([key, undefined])
    const { errors } = await ask(two, {}, { 'idempotency-key': 'h'.repeat(16) })
    expect(errors).toMatchObject([{ path: ['cartsClearCart'], extensions: { code: 'INVALID_INPUT' } }])
    expect(sent).toHaveLength(3)
  })

  test('that answers nothing is true', async () => {
    const { ask } = graphqlEdge({ answers })
    expect(await ask('mutation { identityLogout(refreshToken: "r") }')).toEqual({
      data: { identityLogout: true },
    })
  })

  test('keeps null where it means something, and drops it where it means that nothing is said', async () => {
    const { ask, sent } = graphqlEdge({
      answers: { 'catalog.adjustStock': () => ({}), 'carts.setAddress': () => cart },
    })
    await ask(`mutation { cartsSetAddress(contact: { email: "a@b.example", phone: null }, address: { name: "A",
      line1: "1", line2: null, city: "L", postalCode: "1", country: "GB" }) { id } }`)
    expect(sentJson(sent[0])).toEqual({
      contact: { email: 'a@b.example' },
      address: { name: 'A', line1: '1', city: 'L', postalCode: '1', country: 'GB' },
    })
  })
})
