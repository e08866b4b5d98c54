import { expect, test } from 'bun:test'
import { Slug } from '@comptoir/contracts/catalog/model'
import { claimSlug, slugOf } from './slug.ts'

test.each([
  ['White Hanging Heart T-Light Holder', 'white-hanging-heart-t-light-holder'],
  ['Crème Brûlée & Co.', 'creme-brulee-and-co'],
  ['Children’s Mug', 'childrens-mug'],
  ['日本', 'product'],
  ['a'.repeat(200), 'a'.repeat(60)],
])('writes %p as %p', (text, slug) => {
  expect(slugOf(text, 'product')).toBe(slug)
  expect(Slug.safeParse(slug).success).toBe(true)
})

test('a taken slug gets the sku, then a number', () => {
  const taken = new Set(['mug'])
  expect(claimSlug('mug', 'SKU.1', taken)).toBe('mug-sku-1')
  expect(claimSlug('mug', 'SKU.1', taken)).toBe('mug-sku-1-2')
  expect(claimSlug('cup', 'SKU.1', taken)).toBe('cup')
})
