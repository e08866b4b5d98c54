import { expect, test } from 'bun:test'
import { partRows, readRows } from './import-rows.ts'

const good = { sku: 'A1', name: 'Mug', price: { amountMinor: 250, currency: 'GBP' } }

test('reports every fault of a bad row by its field and takes the others', () => {
  const rows = [
    good,
    { ...good, sku: 'A 2', price: { amountMinor: -1, currency: 'GBP' } },
    'text',
    { ...good, colour: 1 },
  ]
  const { read, rejected } = readRows(rows)
  expect(read.map(({ row }) => row)).toEqual([0])
  expect(rejected.map(({ row, sku, pointer }) => [row, sku, pointer])).toEqual([
    [1, 'A 2', '/sku'],
    [1, 'A 2', '/price/amountMinor'],
    [2, null, ''],
    [3, 'A1', '/colour'],
  ])
})

test('reports a category that is no path', () => {
  const { read, rejected } = readRows([
    { ...good, category: 'Home//Mugs' },
    { ...good, category: 'Home/Mugs' },
  ])
  expect(rejected).toMatchObject([{ row: 0, pointer: '/category' }])
  expect(read).toMatchObject([{ row: 1, path: ['Home', 'Mugs'] }])
})

test('a sku that comes again starts a new part, so that rows apply in their order', () => {
  const { read } = readRows([good, { ...good, sku: 'A2' }, { ...good, name: 'Cup' }, { ...good, sku: 'A3' }])
  expect(partRows(read, 250).map((part) => part.map(({ data }) => data.sku))).toEqual([
    ['A1', 'A2'],
    ['A1', 'A3'],
  ])
  expect(partRows(read.slice(0, 2), 1)).toHaveLength(2)
})
