import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { mutation, query } from '@comptoir/contracts/contract'
import { ProductId } from '@comptoir/contracts/ids'
import { z } from 'zod'
import { asGuest, graphqlEdge, sentJson } from '../testing/graphql-edge.ts'

const contracts = {
  ...services,
  catalog: {
    ...services.catalog,
    findTwins: query({
      summary: 'Products that look alike',
      access: 'public',
      http: { method: 'GET', path: '/v1/products/{productId}/twins' },
      input: z.strictObject({ productId: ProductId, near: z.boolean().optional() }),
      output: z.object({ twins: z.array(z.object({ id: ProductId, likeness: z.number() })) }),
    }),
  },
  wishes: {
    addWish: mutation({
      summary: 'Wish for something',
      access: 'guest',
      http: { method: 'POST', path: '/v1/wishes', status: 201 },
      input: z.strictObject({ text: z.string(), mood: z.enum(['glad', 'very-glad']) }),
      output: z.object({ id: z.uuid(), at: z.iso.datetime() }),
    }),
  },
}
const twins = { twins: [{ id: 'p-2', likeness: 0.9 }] }
const wish = { id: 'w-1', at: '2026-11-25T08:30:00.000Z' }
const answers = { 'catalog.findTwins': () => twins, 'wishes.addWish': () => wish }

test('a procedure that a contract gains is on every face, with no other change', async () => {
  const { fetch, ask, sent } = graphqlEdge({ contracts, answers })
  const json = async (path: string) => (await fetch(path)).json() as Promise<unknown>
  const input = encodeURIComponent('{"productId":"p-1","near":true}')
  expect(await json(`/trpc/catalog.findTwins?input=${input}`)).toEqual({ result: { data: twins } })
  expect(await json('/v1/products/p-1/twins?near=true')).toEqual(twins)
  expect(await json('/openapi.json')).toMatchObject({
    paths: { '/v1/products/{productId}/twins': { get: { summary: 'Products that look alike' } } },
  })
  const { data } = await ask('{ catalogFindTwins(productId: "p-1", near: true) { twins { id likeness } } }')
  expect(data).toEqual({ catalogFindTwins: twins })
  const asked = sent.map(({ path }) => new URL(path, 'http://catalog').searchParams.get('input'))
  expect(asked.map((text) => JSON.parse(text ?? '') as unknown)).toEqual(
    Array.from({ length: 3 }, () => ({ productId: 'p-1', near: true })),
  )
})

test('a service that comes is on every face, with no other change', async () => {
  const { fetch, ask, sent } = graphqlEdge({ contracts, answers })
  const body = JSON.stringify({ text: 'snow', mood: 'very-glad' })
  const init = { method: 'POST', headers: { ...asGuest, 'content-type': 'application/json' }, body }
  expect(await (await fetch('/trpc/wishes.addWish', init)).json()).toEqual({ result: { data: wish } })
  expect((await fetch('/v1/wishes', init)).status).toBe(201)
  const { data } = await ask('mutation { wishesAddWish(text: "snow", mood: VERY_GLAD) { id at } }')
  expect(data).toEqual({ wishesAddWish: wish })
  expect(sent.map(({ service }) => service)).toEqual(['wishes', 'wishes', 'wishes'])
  expect(sentJson(sent[2])).toEqual({ text: 'snow', mood: 'very-glad' })
})
