import { expect, test } from 'bun:test'
import { passwords } from './passwords.ts'

test('a password matches its own hash, which is argon2id, and no other', async () => {
  const { hash, matches } = passwords()
  const stored = await hash('correct horse battery')
  expect(stored).toStartWith('$argon2id$')
  expect(stored).not.toContain('correct')
  expect(await matches('correct horse battery', stored)).toBe(true)
  expect(await matches('correct horse', stored)).toBe(false)
  expect(await matches('correct horse battery', undefined)).toBe(false)
})

test('a hash with other parameters is outdated, and one of today is not', async () => {
  const { hash, isOutdated } = passwords()
  expect(isOutdated(await hash('correct horse battery'))).toBe(false)
  const cheap = { algorithm: 'argon2id', memoryCost: 8_192, timeCost: 1 } as const
  expect(isOutdated(await Bun.password.hash('correct horse battery', cheap))).toBe(true)
})
