import { expect, test } from 'bun:test'
import { refuseDeep } from './json-depth.ts'

const isRefused = (json: string): boolean => {
  try {
    refuseDeep(new TextEncoder().encode(json))
    return false
  } catch {
    return true
  }
}
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

test('takes 32 levels and no more', () => {
  expect(isRefused(nested(32))).toBe(false)
  expect(isRefused(nested(33))).toBe(true)
  expect(isRefused('{"a":'.repeat(33))).toBe(true)
})

test('counts depth, not brackets', () => {
  expect(isRefused(`[${Array.from({ length: 1_000 }, () => nested(3)).join(',')}]`)).toBe(false)
})

const wide = (keys: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, n) => [`k${n}`, n])))

test('takes 1,000 keys of an object and no more, at any depth, repeated ones too', () => {
  expect(isRefused(wide(1_000))).toBe(false)
  expect(isRefused(wide(1_001))).toBe(true)
  expect(isRefused(`[{"a":${wide(1_001)}}]`)).toBe(true)
  expect(isRefused(`{${Array.from({ length: 1_001 }, () => '"a":1').join(',')}}`)).toBe(true)
})

test('counts the keys of each object by itself', () => {
  expect(isRefused(`[${Array.from({ length: 50 }, () => wide(999)).join(',')}]`)).toBe(false)
  expect(isRefused(`{"a":${wide(1_000)},${wide(999).slice(1)}`)).toBe(false)
})

test('looks into no text', () => {
  expect(isRefused(JSON.stringify({ a: ':'.repeat(2_000) }))).toBe(false)
  expect(isRefused(JSON.stringify({ a: '['.repeat(100) }))).toBe(false)
  expect(isRefused(JSON.stringify({ a: `\\"${'{'.repeat(100)}` }))).toBe(false)
  expect(isRefused(`${JSON.stringify({ a: '\\' })},${nested(33)}`)).toBe(true)
})

test('is done with a megabyte of it in no time', () => {
  const json = new TextEncoder().encode(`[${'"é",1,'.repeat(160_000)}1]`)
  const startedAt = performance.now()
  refuseDeep(json)
  expect(performance.now() - startedAt).toBeLessThan(500)
})
