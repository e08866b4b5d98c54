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

test('looks into no text', () => {
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
