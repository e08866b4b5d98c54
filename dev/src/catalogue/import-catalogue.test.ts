import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ImportReport, ImportRow } from '@comptoir/contracts/catalog/model'
import { importRows, type Progress } from './import-catalogue.ts'
import { readRows } from './read-rows.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comptoir-import-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fileOf = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const row = (sku: string) => ({ sku, name: 'Mug', price: { amountMinor: 250, currency: 'GBP' } })

const failure = (rows: AsyncIterable<unknown>): Promise<string | undefined> =>
  Array.fromAsync(rows).then(() => undefined, String)

/** Takes every row but those of a sku that starts with BAD, and keeps what it was sent. */
const fakeShop = () => {
  const sent: unknown[][] = []
  const send = async (rows: readonly unknown[]): Promise<ImportReport> => {
    sent.push([...rows])
    const bad = rows.flatMap((given, index) => {
      const sku = ImportRow.parse(given).sku
      return sku.startsWith('BAD') ? [{ row: index, sku, pointer: '/name', message: 'No' }] : []
    })
    return { created: rows.length - bad.length, updated: 0, unchanged: 0, rejected: bad }
  }
  return { sent, send }
}

test('reads NDJSON, tells of bad lines by their number, and goes on', async () => {
  const lines = [
    JSON.stringify(row('A')),
    '',
    '{"sku":',
    JSON.stringify(row('BAD1')),
    JSON.stringify(row('B')),
  ]
  const path = fileOf('products.ndjson.gz', gzipSync(lines.join('\r\n')))
  const shop = fakeShop()
  const told: Progress[] = []
  const summary = await importRows(readRows(path), shop, (progress) => told.push(progress))
  expect(summary).toEqual({ rows: 4, created: 2, updated: 0, unchanged: 0, rejectedRows: 2 })
  expect(told.flatMap(({ rejected }) => rejected)).toEqual([
    { line: 3, sku: null, pointer: '', message: 'This line is not JSON' },
    { line: 4, sku: 'BAD1', pointer: '/name', message: 'No' },
  ])
})

test('reads CSV with prices in units of the currency, quotes and line breaks', async () => {
  const csv = [
    '\uFEFFsku,name,description,category,price,currency,on_hand',
    'A,"Mug, red","Holds',
    'tea",Kitchen/Mugs,2.5,GBP,12',
    'B,Cup,,,100,JPY,',
    'C,Cup,,,2.505,GBP,1',
    'D,Cup,,,free,GBP,1',
    'E,Cup,,,1.00,GBP,many',
  ].join('\n')
  const rows = await Array.fromAsync(readRows(fileOf('products.csv', csv)))
  expect(rows).toEqual([
    {
      line: 2,
      row: {
        sku: 'A',
        name: 'Mug, red',
        description: 'Holds\ntea',
        category: 'Kitchen/Mugs',
        price: { amountMinor: 250, currency: 'GBP' },
        onHand: 12,
      },
    },
    { line: 4, row: { sku: 'B', name: 'Cup', price: { amountMinor: 100, currency: 'JPY' } } },
    { line: 5, pointer: '/price', message: 'Expected a price in GBP such as 12.50' },
    { line: 6, pointer: '/price', message: 'Expected a price in GBP such as 12.50' },
    { line: 7, row: { sku: 'E', name: 'Cup', price: { amountMinor: 100, currency: 'GBP' }, onHand: 'many' } },
  ])
})

test('sends batches of at most 500 rows', async () => {
  const lines = Array.from({ length: 1_001 }, (_, n) => JSON.stringify(row(`S${n}`)))
  const shop = fakeShop()
  await importRows(readRows(fileOf('many.ndjson', lines.join('\n'))), shop, () => undefined)
  expect(shop.sent.map(({ length }) => length)).toEqual([500, 500, 1])
})

test('a file of another kind is refused', () => {
  expect(() => readRows('products.xlsx')).toThrow('neither .ndjson nor .csv')
})

test.each(['nowhere.ndjson', 'nowhere.csv.gz'])(
  'a file that is not there, %s, is an error and no empty import',
  async (name) => {
    expect(await failure(readRows(join(folder, name)))).toContain('ENOENT')
  },
)

test('a file that is no gzip is an error', async () => {
  expect(await failure(readRows(fileOf('plain.csv.gz', 'sku,name')))).toContain('header')
})

test('every row of the sample catalogue can be imported', async () => {
  const rows = await Array.fromAsync(readRows(join(import.meta.dir, 'online-retail.ndjson.gz')))
  const parsed = rows.map((item) => ImportRow.parse('row' in item ? item.row : undefined))
  expect(parsed.length).toBeGreaterThan(3_000)
  expect(new Set(parsed.map(({ sku }) => sku)).size).toBe(parsed.length)
  expect(parsed.filter(({ category }) => category?.startsWith('Other/')).length).toBeLessThan(
    parsed.length * 0.15,
  )
  expect(Math.min(...parsed.map(({ onHand = 0 }) => onHand))).toBeGreaterThanOrEqual(20)
})
