import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { createKeptAnswers } from '../../kept-answers.ts'
import { asGuest, graphqlEdge } from '../../testing/graphql-edge.ts'

const mug = '{ catalogGetProduct(productId: "mug") { name } }'
const two =
  '{ a: catalogGetProduct(productId: "mug") { name } b: catalogGetProduct(productId: "towel") { name } }'

/** A catalogue that numbers its answers, and fails once it is told to. */
const serving = (contracts = services) => {
  let [count, lateMs] = [0, 0]
  let failure: ServiceError | undefined
  const number = () => {
    if (failure !== undefined) throw failure
    count += 1
    return { name: `answer ${count}` }
  }
  const kept = createKeptAnswers(() => performance.now() + lateMs)
  const answers = { 'catalog.getProduct': number }
  const edge = graphqlEdge({ answers, kept, contracts })
  return {
    ...edge,
    kept,
    fail: (error: ServiceError) => (failure = error),
    pass: (seconds: number) => (lateMs += seconds * 1_000),
    /** Asks as nobody unless told, and tells the data and how often the catalogue has been asked. */
    read: async (query: string, headers: Record<string, string> = {}) => {
      const response = await edge.post({ query }, headers)
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown[] }
      return { response, data, errors, sent: edge.sent.length }
    },
  }
}

test('a public look-up is told again without asking for as long as its contract allows', async () => {
  const { read, pass } = serving()
  const first = await read(mug)
  const again = await read(mug)
  expect(again).toMatchObject({ data: { catalogGetProduct: { name: 'answer 1' } }, sent: 1 })
  // What is kept is the look-up: a question of several is nobody else’s.
  for (const { response } of [first, again]) expect(response.headers.get('cache-control')).toBe('no-store')
  pass(6)
  expect(await read(mug)).toMatchObject({ data: { catalogGetProduct: { name: 'answer 2' } }, sent: 2 })
})

test('look-ups that were sent together are kept one by one, and only what is not kept is asked for', async () => {
  const { read, sent } = serving()
  await read('{ catalogGetProduct(productId: "towel") { name } }')
  expect((await read(two)).data).toEqual({ a: { name: 'answer 2' }, b: { name: 'answer 1' } })
  expect((await read(two)).data).toEqual({ a: { name: 'answer 2' }, b: { name: 'answer 1' } })
  expect(sent.map(({ path }) => decodeURIComponent(path))).toEqual([
    '/trpc/catalog.getProduct?input={"productId":"towel"}',
    '/trpc/catalog.getProduct?input={"productId":"mug"}',
  ])
})

test('tRPC and GraphQL tell what either has asked for, each in its own way', async () => {
  const { read, fetch, sent } = serving()
  const call = (id: string) =>
    fetch(`/trpc/catalog.getProduct?input=${encodeURIComponent(JSON.stringify({ productId: id }))}`)
  await read(mug)
  const told = await call('mug')
  expect(await told.json()).toEqual({ result: { data: { name: 'answer 1' } } })
  expect(told.headers.get('cache-control')).toBe('public, max-age=5, stale-if-error=300')
  expect(told.headers.get('vary')).toBe('accept-encoding, accept, trpc-accept')
  await call('towel')
  expect((await read(two)).data).toEqual({ a: { name: 'answer 1' }, b: { name: 'answer 2' } })
  expect(sent).toHaveLength(2)
})

test('nothing is kept of somebody with a credential, nor told to them', async () => {
  const { read } = serving()
  await read(mug, asGuest)
  expect((await read(mug)).sent).toBe(2)
  expect((await read(mug, asGuest)).sent).toBe(3)
})

test('what was written to is asked for again', async () => {
  const { read, kept } = serving()
  await read(mug)
  kept.forget('catalog')
  expect((await read(mug)).sent).toBe(2)
})

test('a look-up that had begun before a write is not kept', async () => {
  const kept = createKeptAnswers()
  const forgetful = () => {
    kept.forget('catalog')
    return Response.json({ result: { data: { name: 'old' } } })
  }
  const { post, sent } = graphqlEdge({ kept, upstream: forgetful })
  for (const _ of [1, 2]) await post({ query: mug })
  expect(sent).toHaveLength(2)
})

test('where its service fails a look-up is told stale, for as long as its contract allows', async () => {
  const { read, pass, fail } = serving()
  await read(mug)
  fail(commonError('UNAVAILABLE', { cause: new Error('away') }))
  pass(6)
  expect(await read(mug)).toMatchObject({ data: { catalogGetProduct: { name: 'answer 1' } }, sent: 2 })
  const { data, errors } = await read(two)
  expect(data).toEqual({ a: { name: 'answer 1' }, b: null })
  expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'UNAVAILABLE' } }])
  pass(300)
  expect((await read(mug)).data).toEqual({ catalogGetProduct: null })
})

test('a refusal is neither kept nor hidden behind something stale', async () => {
  const { read, pass, fail } = serving()
  await read(mug)
  fail(new ServiceError('PRODUCT_NOT_FOUND', { status: 404, message: 'Gone' }))
  pass(6)
  for (const sent of [2, 3]) {
    const answer = await read(mug)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'PRODUCT_NOT_FOUND' } }])
    expect(answer.sent).toBe(sent)
  }
})

test('a look-up that its contract lets nobody keep is asked for each time', async () => {
  const { cacheSeconds: _, ...getProduct } = services.catalog.getProduct
  const { read } = serving({ ...services, catalog: { ...services.catalog, getProduct } } as typeof services)
  await read(mug)
  expect((await read(mug)).sent).toBe(2)
})
