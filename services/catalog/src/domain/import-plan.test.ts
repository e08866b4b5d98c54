import { expect, test } from 'bun:test'
import { CategoryId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { type Existing, planImport } from './import-plan.ts'
import type { ReadRow } from './import-rows.ts'

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`
const mugs = CategoryId.parse(id(900))

const row = (over: Partial<ReadRow['data']> = {}, path?: string[]): ReadRow => ({
  row: 0,
  data: { sku: 'A1', name: 'Mug', price: { amountMinor: 250, currency: 'GBP' }, ...over },
  path,
})
const mug: Existing = {
  sku: 'A1',
  productId: ProductId.parse(id(1)),
  variantId: VariantId.parse(id(2)),
  variants: 1,
  status: 'active',
  name: 'Mug',
  description: 'Holds tea.',
  imageUrl: null,
  categoryId: null,
  priceMinor: 250,
  currency: 'GBP',
}
const plan = (rows: ReadRow[], existing: Existing[]) => {
  let made = 10
  const categories = new Map([['Mugs', mugs]])
  return planImport(rows, { existing, categories, slugs: new Set(['mug']), nextId: () => id((made += 1)) })
}

test('adds what is not there, with its opening stock, category and a slug of its own', () => {
  const { drafts } = plan([row({ onHand: 7 }, ['Mugs'])], [])
  expect(drafts).toMatchObject([
    { slug: 'mug-a1', categoryId: mugs, search: 'Mug A1', variants: [{ onHand: 7 }] },
  ])
})

test('leaves alone what is the same already, stock included', () => {
  expect(plan([row({ onHand: 99 })], [mug])).toEqual({ drafts: [], changes: [], unchanged: 1, rejected: [] })
})

test('changes what the row says and keeps what it leaves out', () => {
  const { changes } = plan([row({ price: { amountMinor: 300, currency: 'GBP' } }, ['Mugs'])], [mug])
  expect(changes).toMatchObject([{ priceMinor: 300, categoryId: mugs, description: 'Holds tea.' }])
})

test.each([
  ['an archived product', { status: 'archived' as const }],
  ['one of several variants', { variants: 2 }],
])('refuses %s', (_, over) => {
  expect(plan([row()], [{ ...mug, ...over }]).rejected).toMatchObject([
    { row: 0, sku: 'A1', pointer: '/sku' },
  ])
})
