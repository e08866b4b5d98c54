import { expect, test } from 'bun:test'
import { decodeCursor, encodeCursor } from './page.ts'

test('a cursor comes back as it was made', () => {
  expect(decodeCursor(encodeCursor(['Café ☕', 12]), 2)).toEqual(['Café ☕', 12])
})

test.each(['', 'nonsense', encodeCursor(['one']), btoa('{"a":1}'), '%%%'])('refuses %p', (cursor) => {
  expect(decodeCursor(cursor, 2)).toBeUndefined()
})
