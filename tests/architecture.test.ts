import { describe, expect, test } from 'bun:test'
import { fences } from './architecture/fences.ts'
import { readSources, sourceOf } from './architecture/sources.ts'

const sources = readSources()

test('sees the workspace', () => {
  expect(sources.length).toBeGreaterThan(150)
  expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(500)
})

describe.each(fences)('$name', (fence) => {
  test('holds', () => {
    expect(fence.faults(sources)).toEqual([])
  })

  test('refuses each planted violation', () => {
    const planted = fence.planted.map(([path, text]) => sourceOf(path, text))
    if (fence.name.includes('cycle')) expect(fence.faults(planted)).toHaveLength(1)
    else for (const source of planted) expect(fence.faults([source])).toHaveLength(1)
  })
})
