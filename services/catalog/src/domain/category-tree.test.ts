import { expect, test } from 'bun:test'
import { CategoryId } from '@comptoir/contracts/ids'
import { parseCategoryPath, resolvePaths } from './category-tree.ts'

const counter = () => {
  let made = 0
  return () => CategoryId.parse(`01890000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`)
}

test.each([
  ['Home / Candles', ['Home', 'Candles']],
  ['Home', ['Home']],
  ['Home//Candles', undefined],
  ['', undefined],
  ['a/b/c/d/e/f', undefined],
])('reads the path %p', (path, names) => {
  expect(parseCategoryPath(path)).toEqual(names)
})

test('makes what is missing on the way, once, and finds it again', () => {
  const nextId = counter()
  const paths = [
    ['Home', 'Candles'],
    ['Home', 'Clocks'],
    ['home', 'candles'],
  ]
  const first = resolvePaths([], paths, nextId)
  expect(first.added.map(({ path }) => path)).toEqual(['home', 'home/candles', 'home/clocks'])
  expect(first.ids.get('home/candles')).toBe(first.ids.get('Home/Candles'))
  const second = resolvePaths(first.added, paths, nextId)
  expect(second.added).toEqual([])
  expect(second.ids).toEqual(first.ids)
})

test('gives categories of one name under different parents different slugs', () => {
  const { added } = resolvePaths(
    [],
    [
      ['Home', 'Mugs'],
      ['Garden', 'Mugs'],
    ],
    counter(),
  )
  expect(added.map(({ slug }) => slug)).toEqual(['home', 'mugs', 'garden', 'mugs-garden'])
})
