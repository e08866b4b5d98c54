import { describe, expect, test } from 'bun:test'
import { readCommonPasswords } from '../common-passwords.ts'
import { isGuessable } from './password.ts'

const known = {
  common: readCommonPasswords(),
  words: ['ada.lovelace@example.org', 'Ada Lovelace', 'Comptoir'],
}

test('the list holds more than ten thousand passwords, all of which are long enough to be tried here', () => {
  expect(known.common.size).toBeGreaterThan(10_000)
  expect([...known.common].filter((password) => password.length < 8)).toEqual([])
})

describe('a password that is refused', () => {
  test.each([
    ['among the commonest', 'password1234'],
    ['among them in other letters', 'PassWord1234'],
    ['the person’s address', 'ada.lovelace@example.org'],
    ['the part before the sign', 'Ada.Lovelace'],
    ['a name with a year', 'lovelace1815!'],
    ['the shop’s name with a number', 'Comptoir-2026'],
    ['made of names', 'AdaComptoirAda'],
  ])('is %s', (_, password) => {
    expect(isGuessable(password, known)).toBe(true)
  })
})

test.each(['correct horse battery', 'lovelace likes engines', '7391-5520-8846', 'пароль для магазина'])(
  'one like “%s” is taken',
  (password) => {
    expect(isGuessable(password, known)).toBe(false)
  },
)
