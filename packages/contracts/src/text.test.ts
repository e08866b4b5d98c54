import { expect, test } from 'bun:test'
import { line, text, Timestamp } from './text.ts'

test.each(['\u0000', '\uD800', '\uDC00', 'a\uD800b'])('%j is no text that a database can hold', (value) => {
  expect(line(10).safeParse(value).success).toBe(false)
  expect(text(10).safeParse(value).success).toBe(false)
})

test.each(['é', '😀', 'Zoë 李', 'a\u200Db'])('%j is text', (value) => {
  expect(line(10).safeParse(value).success).toBe(true)
  expect(text(10).safeParse(value).success).toBe(true)
})

test('a moment has a year that a database knows', () => {
  expect(Timestamp.safeParse('0000-01-01T00:00:00Z').success).toBe(false)
  expect(Timestamp.safeParse('0001-01-01T00:00:00Z').success).toBe(true)
  expect(Timestamp.safeParse('2026-11-20T10:00:00.000Z').success).toBe(true)
})
