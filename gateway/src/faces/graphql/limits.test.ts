import { describe, expect, test } from 'bun:test'
import { asStaff, graphqlEdge } from '../../testing/graphql-edge.ts'

const page = { items: [], nextCursor: null }
const edge = () =>
  graphqlEdge({ answers: { 'catalog.listProducts': () => page, 'carts.getCart': () => null } })
const names = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${name}`).join(' ')

/** Fragments that each spread the next one twice: 2^40 fields, in a few hundred words. */
const amplified = `{ cartsGetCart { totals { ...f0 } } } ${Array.from(
  { length: 40 },
  (_, n) =>
    `fragment f${n} on Totals { ${n === 39 ? 'currency' : `...f${n + 1} total { currency } ...f${n + 1}`} }`,
).join(' ')}`

describe('an operation is refused before any service is asked', () => {
  test.each([
    ['has more than 15 aliases', `{ ${names(16, 'cartsGetCart { id }')} }`, 'aliases'],
    [
      'has its aliases in a fragment',
      `{ ...f ...f } fragment f on Query { ${names(8, 'cartsGetCart { id }')} }`,
      'aliases',
    ],
    [
      'lists too much',
      '{ catalogListProducts(first: 100) { edges { node { id slug name imageUrl categoryId inStock price { amountMinor currency } } } } }',
      'costs',
    ],
    [
      'lists lists',
      `{ ${names(4, 'deliveryListShipments(orderId: "o") { items { events { status description at } } }')} }`,
      'costs',
    ],
    ['asks for very many fields by fragments', amplified, 'costs'],
    ['has more than a thousand words', `{ ${'__typename '.repeat(1_001)} }`, 'tokens'],
    ['is very long', `{ __typename } # ${'x'.repeat(20_000)}`, 'characters'],
  ])('when it %s', async (_what, query, word) => {
    const { ask, sent } = edge()
    const { data, errors } = await ask(query)
    expect(data).toBeUndefined()
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'MALFORMED_REQUEST', problem: { status: 400 } } })
    expect(errors?.[0]?.message).toContain(word)
    expect(sent).toEqual([])
  })

  test('when a variable makes it list too much', async () => {
    const { ask, sent } = edge()
    const query = `query ($n: Int) { catalogListProducts(first: $n) { nodes { ${names(12, 'name')} } } }`
    expect((await ask(query, { n: 50 })).errors).toBeUndefined()
    expect((await ask(query)).errors).toBeUndefined()
    const { errors } = await ask(query, { n: 100 })
    expect(errors?.[0]?.message).toContain('costs')
    expect(sent).toHaveLength(2)
  })

  test('when an argument is JSON of more levels than a body may have', async () => {
    const { ask, sent } = edge()
    const query = `mutation { catalogImportProducts(rows: [${'['.repeat(40)}${']'.repeat(40)}]) { created } }`
    const { errors } = await ask(query, {}, asStaff)
    expect(errors).toMatchObject([{ extensions: { code: 'MALFORMED_REQUEST' } }])
    expect(sent).toEqual([])
  })

  test('and of very many faults the first ten are told', async () => {
    const { errors } = await edge().ask(`{ ${names(50, 'nothing')} }`)
    expect(errors).toHaveLength(10)
  })

  test('and the refusal has the status that its media type wants', async () => {
    const query = `{ ${names(16, 'cartsGetCart { id }')} }`
    const statusAs = async (accept: string) => (await edge().post({ query }, { accept })).status
    expect(await statusAs('application/json')).toBe(200)
    expect(await statusAs('application/graphql-response+json')).toBe(400)
  })
})
