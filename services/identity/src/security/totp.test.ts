import { describe, expect, test } from 'bun:test'
import { codeOfStep, fromBase32, makeTotpSecret, otpauthUri, stepOfCode, toBase32 } from './totp.ts'

const key = new TextEncoder().encode('12345678901234567890')

test('gives the values of RFC 4226, appendix D', () => {
  const codes = Array.from({ length: 10 }, (_, step) => codeOfStep(key, step))
  expect(codes).toEqual([
    '755224',
    '287082',
    '359152',
    '969429',
    '338314',
    '254676',
    '287922',
    '162583',
    '399871',
    '520489',
  ])
})

// The RFC prints eight digits; six are their end.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('knows the code of RFC 6238, appendix B, at %d seconds', (seconds, code) => {
  expect(stepOfCode(toBase32(key), code, new Date(seconds * 1_000))).toBe(Math.floor(seconds / 30))
})

describe('a code', () => {
  const secret = makeTotpSecret()
  const step = 60_000_000
  const code = codeOfStep(fromBase32(secret), step)
  const at = (seconds: number) => stepOfCode(secret, code, new Date((step * 30 + seconds) * 1_000))

  test('is taken one step early and one step late, and no further', () => {
    expect([at(-30), at(0), at(59)]).toEqual([step, step, step])
    expect([at(-31), at(60)]).toEqual([undefined, undefined])
  })

  test.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('is not %j', (given) => {
    expect(stepOfCode(secret, given, new Date(step * 30_000))).toBeUndefined()
  })
})

test('a secret has 160 bits, and no two are alike', () => {
  expect(fromBase32(makeTotpSecret())).toHaveLength(20)
  expect(makeTotpSecret()).not.toBe(makeTotpSecret())
})

// RFC 4648, 10, without padding and in small letters.
test.each([
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('writes %s in base32 and reads it again', (text, base32) => {
  expect(toBase32(new TextEncoder().encode(text))).toBe(base32)
  expect(new TextDecoder().decode(fromBase32(base32.toUpperCase()))).toBe(text)
})

test('an authenticator is told the shop, the account and the secret', () => {
  const uri = new URL(otpauthUri({ secret: 'ABCD', issuer: 'My shop', label: 'ada@example.org' }))
  expect(uri.host + decodeURIComponent(uri.pathname)).toBe('totp/My shop:ada@example.org')
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: 'ABCD',
    issuer: 'My shop',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})
