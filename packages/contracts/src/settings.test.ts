import { expect, test } from 'bun:test'
import { checkSetting, type SettingDeclarations } from './setting.ts'
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
    const checked = checkSetting(settings['shop.acceptsOrders'], json)
    expect(checked.ok).toBe(false)
    expect(JSON.stringify(checked)).not.toContain('maybe')
  }
})
