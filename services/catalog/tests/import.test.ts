import { afterAll, beforeAll, expect, test } from 'bun:test'
import { productCreated } from '@comptoir/contracts/catalog/events'
import { type Catalog, first, imbalances, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const row = (sku: string, over: object = {}) => ({
  sku,
  name: `Thing ${sku}`,
  price: { amountMinor: 250, currency: 'GBP' },
  category: 'House/Things',
  onHand: 20,
  ...over,
})

test('a bad row is reported by field and the others go in, with their categories', async () => {
  const rows = [
    row('A1'),
    row('A2', { price: { amountMinor: 1.5, currency: 'GBP' } }),
    row('A3', { size: 'XL' }),
    row('A4'),
  ]
  const report = await shop.staff.importProducts({ rows })
  expect(report).toMatchObject({ created: 2, updated: 0, unchanged: 0 })
  expect(report.rejected.map(({ row: index, sku, pointer }) => ({ index, sku, pointer }))).toEqual([
    { index: 1, sku: 'A2', pointer: '/price/amountMinor' },
    { index: 2, sku: 'A3', pointer: '/size' },
  ])
  expect((await shop.staff.listCategories({})).items.map(({ slug }) => slug)).toEqual(['house', 'things'])
  expect((await shop.staff.listProducts({ category: 'house' })).items).toHaveLength(2)
})

test('importing again changes what differs, leaves the rest alone, and never touches stock', async () => {
  await shop.staff.importProducts({ rows: [row('B1'), row('B2')] })
  const again = [
    row('B1', { onHand: 999 }),
    row('B2', { name: 'Renamed', category: 'House/Other things', onHand: 999 }),
  ]
  expect(await shop.staff.importProducts({ rows: again })).toMatchObject({
    created: 0,
    updated: 1,
    unchanged: 1,
  })
  const renamed = first((await shop.staff.listProducts({ q: 'B2' })).items)
  const product = await shop.staff.getProduct({ productId: renamed.id })
  expect(product).toMatchObject({
    name: 'Renamed',
    version: 2,
    slug: 'thing-b2',
    variants: [{ available: 20 }],
  })
  const report = await shop.staff.importProducts({ rows: [row('B3'), row('B3', { name: 'Twice' })] })
  expect(report).toMatchObject({ created: 1, updated: 1 })
})

test('does not touch archived products or one of several variants', async () => {
  await shop.staff.importProducts({ rows: [row('C1')] })
  const old = first((await shop.staff.listProducts({ q: 'C1' })).items)
  await shop.staff.archiveProduct({ productId: old.id })
  const price = { amountMinor: 100, currency: 'GBP' }
  await shop.staff.createProduct({
    name: 'Sizes',
    variants: [
      { sku: 'C2', price },
      { sku: 'C3', price },
    ],
  })
  const report = await shop.staff.importProducts({ rows: [row('C1'), row('C3'), row('C4')] })
  expect(report).toMatchObject({
    created: 1,
    rejected: [
      { row: 0, sku: 'C1' },
      { row: 1, sku: 'C3' },
    ],
  })
})

test('imports that run at once agree on every sku, slug and category', async () => {
  const rows = Array.from({ length: 60 }, (_, n) =>
    row(`D${n}`, { name: `Same ${n % 10}`, category: `At once/C${n % 4}` }),
  )
  const reports = await Promise.all(
    [rows, rows.toReversed(), rows].map((given) => shop.staff.importProducts({ rows: given })),
  )
  expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(60)
  expect(reports.flatMap(({ rejected }) => rejected)).toEqual([])
})

test('a thousand rows go in at once, with an event each', async () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => row(`E${n}`, { category: `Many/C${n % 40}` }))
  expect(await shop.staff.importProducts({ rows })).toMatchObject({ created: 1_000, rejected: [] })
  const told = await shop.service.sql`
    select distinct payload #>> '{variants,0,sku}' as sku from outbox
    where subject = ${productCreated.subject} and payload #>> '{variants,0,sku}' ~ '^E[0-9]+$'`
  expect(told).toHaveLength(1_000)
  expect([...(await imbalances(shop))]).toEqual([])
})
