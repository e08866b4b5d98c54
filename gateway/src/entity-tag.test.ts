import { describe, expect, test } from 'bun:test'
import { noVersion } from '@comptoir/contracts/version'
import { codedTag, entityTag, namesTag, versionIn } from './entity-tag.ts'

const tag = entityTag('{"a":1}')

test('another body has another tag, and so has another coding of the same', () => {
  expect(tag).toMatch(/^"[\w-]{22}"$/)
  expect(entityTag('{"a":1}')).toBe(tag)
  expect(entityTag('{"a":2}')).not.toBe(tag)
  expect(codedTag(tag, 'br')).toBe(`${tag.slice(0, -1)}+br"`)
})

describe('If-None-Match', () => {
  test.each([tag, `W/${tag}`, codedTag(tag, 'gzip'), `"other", ${tag}`, `W/"x",${codedTag(tag, 'br')}`, '*'])(
    '%s names it',
    (given) => expect(namesTag(given, tag)).toBe(true),
  )
  test.each([null, '', '"other"', tag.slice(1, -1), `${tag.slice(0, -1)}x"`, '"+br"'])(
    '%p does not',
    (given) => expect(namesTag(given, tag)).toBe(false),
  )
})

describe('If-Match', () => {
  test('asks for the version of the tag, in whichever coding it came', () => {
    expect(versionIn(entityTag('a', 7))).toBe(7)
    expect(versionIn(codedTag(entityTag('a', 7), 'zstd'))).toBe(7)
    expect(versionIn('*')).toBeUndefined()
  })
  test('asks for a version that nothing has, where the tag is weak, of something else or too large', () => {
    for (const given of [`W/${entityTag('a', 7)}`, tag, '"v7"', '"v-7.a"', '"v9999999999.a"', '""'])
      expect(versionIn(given)).toBe(noVersion)
  })
  test.each(['', 'v7', '"a', '"a", "b"', "'v7.a'", '7'])('%p is refused', (given) => {
    expect(() => versionIn(given)).toThrow('entity tag')
  })
})
