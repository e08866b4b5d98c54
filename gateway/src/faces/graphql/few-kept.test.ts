import { expect, test } from 'bun:test'
import { createFewKept } from './few-kept.ts'

test('keeps so many, and lets what came first go first', () => {
  const kept = createFewKept<number>(2)
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    kept.set(key, value)
  expect(['a', 'b', 'c'].map((key) => kept.get(key))).toEqual([undefined, 2, 3])
})
