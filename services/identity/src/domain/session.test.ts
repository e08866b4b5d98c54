import { describe, expect, test } from 'bun:test'
import { judgeRefresh, type PresentedToken } from './session.ts'

const now = new Date('2026-11-20T10:00:00Z')
const before = new Date('2026-11-20T09:00:00Z')
const after = new Date('2026-12-20T10:00:00Z')
const fresh: PresentedToken = { usedAt: null, revokedAt: null, expiresAt: after }

describe('judgeRefresh', () => {
  test.each([
    ['a fresh token is exchanged', fresh, 'rotate'],
    ['an expired token is refused', { ...fresh, expiresAt: before }, 'refuse'],
    ['a token is expired at its very instant', { ...fresh, expiresAt: now }, 'refuse'],
    ['a used token ends its family', { ...fresh, usedAt: before }, 'revoke-family'],
    [
      'a used token ends its family though it has expired',
      { ...fresh, usedAt: before, expiresAt: before },
      'revoke-family',
    ],
    ['a revoked token is refused', { ...fresh, usedAt: before, revokedAt: before }, 'refuse'],
  ] as const)('%s', (_, token, verdict) => {
    expect(judgeRefresh(token, now)).toBe(verdict)
  })
})
