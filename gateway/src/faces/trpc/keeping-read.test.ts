import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import type { AppOptions } from '../../app.ts'
import { createKeptAnswers } from '../../kept-answers.ts'
import { publicOperations } from '../../operations.ts'
import { result, serveEdge } from '../../testing/serve-edge.ts'

const ask = (paths: string, inputs: object): string =>
  `/trpc/${paths}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`

const mug = { productId: 'blue-mug' }
const one = `/trpc/catalog.getProduct?input=${encodeURIComponent(JSON.stringify(mug))}`
const two = ask('catalog.getProduct,catalog.listProducts', { 0: mug, 1: {} })
const freshness = 'public, max-age=5, stale-if-error=300'

/** A catalogue that numbers its answers, and fails once it is told to. */
const serving = (more: Partial<AppOptions> = {}) => {
  let [count, fails, lateMs] = [0, false, 0]
  const edge = serveEdge(
    ({ path }) => {
      if (fails) return new Response('broken', { status: 500 })
      count += 1
      return path.includes('batch=1') ? Response.json([{ result: { data: count } }]) : result(count)
    },
    { kept: createKeptAnswers(() => performance.now() + lateMs), ...more },
  )
  return {
    fail: () => (fails = true),
    pass: (seconds: number) => (lateMs += seconds * 1_000),
    read: async (path: string, headers: Record<string, string> = {}) => {
      const response = await edge.fetch(path, { headers })
      return { response, told: await response.text(), asked: count }
    },
  }
}

describe.each([
  ['by itself', one],
  ['in a batch', two],
])('a public read %s', (_how, path) => {
  test('is told again without asking for as long as its contract allows', async () => {
    const { read, pass } = serving()
    const first = await read(path)
    const again = await read(path)
    expect(again).toMatchObject({ told: first.told, asked: 1 })
    for (const { response } of [first, again]) {
      expect(response.headers.get('cache-control')).toBe(freshness)
      expect(response.headers.get('content-type')).toStartWith('application/json')
    }
    pass(6)
    expect((await read(path)).asked).toBe(2)
  })

  test('is told stale, with its age, where its service fails', async () => {
    const { read, pass, fail } = serving()
    const first = await read(path)
    fail()
    pass(6)
    const { response, told } = await read(path)
    expect(told).toBe(first.told)
    expect([response.status, response.headers.get('age')]).toEqual([200, '6'])
    pass(300)
    expect((await read(path)).response.status).toBe(500)
  })

  test('says to every cache that it depends on what its client accepts, however it is told', async () => {
    const { read, pass, fail } = serving()
    const first = await read(path)
    const kept = await read(path)
    const unchanged = await read(path, { 'if-none-match': first.response.headers.get('etag') ?? '' })
    fail()
    pass(6)
    const stale = await read(path)
    const told = [first, kept, unchanged, stale].map(({ response }) => response)
    expect(told.map(({ status }) => status)).toEqual([200, 200, 304, 200])
    for (const { headers } of told) expect(headers.get('vary')).toBe('accept-encoding, accept, trpc-accept')
  })

  test('is neither kept for nor told to somebody with a credential', async () => {
    const { read } = serving()
    const guest = { authorization: 'Bearer guest' }
    expect((await read(path, guest)).response.headers.get('cache-control')).toBe('no-store')
    expect((await read(path)).asked).toBe(2)
    expect((await read(path, guest)).asked).toBe(3)
  })
})

test('lines that are streamed are not kept, nor is the batch of the same address told instead', async () => {
  const { read } = serving()
  const streaming = { 'trpc-accept': 'application/jsonl' }
  await read(two, streaming)
  expect((await read(two)).asked).toBe(2)
  expect((await read(two, streaming)).asked).toBe(3)
})

test('a batch with one answer that its contract lets nobody keep is not kept', async () => {
  const { cacheSeconds: _, ...listProducts } = services.catalog.listProducts
  const operations = publicOperations({ catalog: { ...services.catalog, listProducts } })
  const { read } = serving({ operations })
  await read(two)
  expect((await read(two)).asked).toBe(2)
})
