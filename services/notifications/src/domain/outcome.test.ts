import { describe, expect, test } from 'bun:test'
import { attemptsMax, keyStillHolds, outcomeOfStatus, settle } from './outcome.ts'

describe('settle', () => {
  test.each([
    [1, 40_000],
    [2, 60_000],
    [3, 300_000],
    [4, 1_800_000],
    [5, 7_200_000],
  ])('waits after try %d for %d ms', (attempts, retryInMs) => {
    expect(settle({ kind: 'unsent', reason: 'x' }, attempts, 1)).toEqual({ state: 'queued', retryInMs })
    expect(settle({ kind: 'unknown', reason: 'x' }, attempts, 1)).toEqual({ state: 'unknown', retryInMs })
  })

  test('gives up after the last try and does not call a doubt a failure', () => {
    expect(settle({ kind: 'unsent', reason: 'x' }, attemptsMax, 1)).toEqual({
      state: 'failed',
      retryInMs: null,
    })
    expect(settle({ kind: 'unknown', reason: 'x' }, attemptsMax, 1)).toEqual({
      state: 'unknown',
      retryInMs: null,
    })
  })

  test('never repeats what was taken or refused', () => {
    expect(settle({ kind: 'sent', providerId: 'p' }, 1, 1)).toEqual({ state: 'sent', retryInMs: null })
    expect(settle({ kind: 'refused', reason: 'x' }, 1, 1)).toEqual({ state: 'failed', retryInMs: null })
  })
})

test.each([
  [400, 'refused'],
  [401, 'unsent'],
  [403, 'unsent'],
  [408, 'unknown'],
  [422, 'refused'],
  [429, 'unsent'],
  [500, 'unknown'],
  [503, 'unknown'],
] as const)('a %d leaves a message %s', (status, kind) => {
  expect(outcomeOfStatus(status, 'code').kind).toBe(kind)
})

test('an idempotency key is trusted for less than the day it lives', () => {
  const first = new Date('2026-11-20T10:00:00Z')
  expect(keyStillHolds(first, new Date('2026-11-21T08:59:00Z'))).toBe(true)
  expect(keyStillHolds(first, new Date('2026-11-21T09:00:00Z'))).toBe(false)
})
