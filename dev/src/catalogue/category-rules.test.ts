import { expect, test } from 'bun:test'
import { categoryOf } from './category-rules.ts'

test.each([
  ['Lunch Bag Red Retrospot', 'Bags & Travel/Lunch Bags'],
  ['Christmas Tree Tealight Holder', 'Christmas/Decorations'],
  ['Glass Heart Tealight Holder', 'Lighting/Tealights & Holders'],
  ['Letter "D" Bling Key Ring', 'Bags & Travel/Keyrings'],
  ['Gin & Tonic Diet Metal Sign', 'Home/Signs & Plaques'],
  ['Union Flag Windsock', 'Other/Curiosities'],
])('puts %p into %p', (name, category) => {
  expect(categoryOf(name)).toBe(category)
})
