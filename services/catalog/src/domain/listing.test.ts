import { expect, test } from 'bun:test'
import { encodeCursor } from '@comptoir/contracts/page'
import { pageOfRows, placeOf, wordsOf } from './listing.ts'

const id = '01890000-0000-7000-8000-00000000000a'

test('splits a search into its first eight words', () => {
  expect(wordsOf('  red  mug ')).toEqual(['red', 'mug'])
  expect(wordsOf(undefined)).toEqual([])
  expect(wordsOf('a b c d e f g h i j')).toHaveLength(8)
})

test('reads back the place it made a cursor of', () => {
  const rows = [
    { id, sortValue: 120 },
    { id: 'next', sortValue: 130 },
  ]
  const page = pageOfRows(rows, 'price', 1)
  expect(page.items).toEqual([{ id }])
  expect(placeOf(page.nextCursor ?? '', 'price')).toEqual([120, id])
  expect(pageOfRows(rows, 'price', 2).nextCursor).toBeNull()
})

test.each([
  ['another sorting', encodeCursor(['name', 'mug', id]), 'price'],
  ['a price that is a word', encodeCursor(['price', 'mug', id]), 'price'],
  ['a moment that is none', encodeCursor(['newest', 'yesterday-ish', id]), 'newest'],
  ['an id that is none', encodeCursor(['name', 'mug', 'x']), 'name'],
  ['noise', 'bm9pc2U', 'name'],
])('refuses a cursor of %s', (_, cursor, sort) => {
  expect(placeOf(cursor, sort)).toBeUndefined()
})
