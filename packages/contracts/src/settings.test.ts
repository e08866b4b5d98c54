import { expect, test } from 'bun:test'
import { z } from 'zod'
import { checkSetting, setting, type SettingDeclarations } from './setting.ts'
import { settings } from './settings.ts'

const declared: SettingDeclarations = settings

test.each(Object.entries(declared))(
  '%s has a valid default, a sentence, and a name that a bucket takes',
  (name, declaration) => {
    const json = JSON.stringify(declaration.default)
    expect(checkSetting(declaration, json)).toEqual({ ok: true, value: declaration.default })
    expect(declaration.description).toMatch(/^[A-Z].*\.$/)
    expect(name).toMatch(/^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)+$/)
  },
)

test('says what was expected of a bad value, by field, and never the value', () => {
  const limit = settings['rateLimits.read']
  expect(checkSetting(limit, '{"quota":0,"windowSeconds":60}')).toEqual({
    ok: false,
    expected: 'quota: Too small: expected number to be >=1',
  })
  for (const json of ['maybe', '"maybe"']) {
    const expected = 'Invalid input: expected boolean, received string'
    expect(checkSetting(settings['shop.acceptsOrders'], json)).toEqual({ ok: false, expected })
  }
})

test('text that is not JSON is no value, even where text is what is wanted', () => {
  const greeting = setting({ schema: z.string(), default: 'hello', description: 'What is said first.' })
  expect(checkSetting(greeting, 'good day')).toEqual({ ok: false, expected: 'Expected JSON' })
  expect(checkSetting(greeting, '"good day"')).toEqual({ ok: true, value: 'good day' })
})
