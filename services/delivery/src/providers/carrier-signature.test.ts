import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { isSigned } from './carrier-signature.ts'

// The example of the Standard Webhooks specification’s reference libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const webhook = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  signatures: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  body: '{"test": 2432232314}',
}
const at = (seconds: number) => new Date(seconds * 1_000)
const signedAt = at(1614265330)

describe('a carrier’s webhook', () => {
  test('is believed when the signature fits', () => expect(isSigned(webhook, secret, signedAt)).toBe(true))
  test('is believed when any of several signatures fits, as while a secret is changed', () =>
    expect(isSigned({ ...webhook, signatures: `v1,AAAA v2,x ${webhook.signatures}` }, secret, signedAt)).toBe(
      true,
    ))
  test('is believed up to five minutes away, in both directions', () => {
    expect(isSigned(webhook, secret, at(1614265330 + 300))).toBe(true)
    expect(isSigned(webhook, secret, at(1614265330 - 300))).toBe(true)
    expect(isSigned(webhook, secret, at(1614265330 + 301))).toBe(false)
    expect(isSigned(webhook, secret, at(1614265330 - 301))).toBe(false)
  })
  test.each([
    ['another body', { body: '{"test": 2432232315}' }],
    ['the same JSON written otherwise', { body: '{"test":2432232314}' }],
    ['another id', { id: 'msg_other' }],
    ['another moment', { timestamp: '1614265331' }],
    ['no moment', { timestamp: '' }],
    ['a moment that is no number', { timestamp: '1614265330.0' }],
    ['no signature', { signatures: '' }],
    ['a signature of another version', { signatures: webhook.signatures.replace('v1', 'v1a') }],
    ['a signature cut short', { signatures: webhook.signatures.slice(0, 20) }],
  ])('is refused with %s', (_, change) =>
    expect(isSigned({ ...webhook, ...change }, secret, signedAt)).toBe(false),
  )
  test('is refused when somebody else’s secret signed it', () =>
    expect(isSigned(webhook, 'whsec_AAAA', signedAt)).toBe(false))
  test('a secret without the prefix is used as it stands', () => {
    const signature = createHmac('sha256', 'plain').update(`a.1614265330.b`).digest('base64')
    const plain = { id: 'a', timestamp: '1614265330', signatures: `v1,${signature}`, body: 'b' }
    expect(isSigned(plain, 'plain', signedAt)).toBe(true)
  })
})
