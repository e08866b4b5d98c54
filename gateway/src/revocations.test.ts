import { afterEach, expect, test } from 'bun:test'
import type { Revocation } from '@comptoir/contracts/identity/model'
import { createLogger } from '@comptoir/service-kit/logger'
import { followRevocations, type Revocations } from './revocations.ts'

let following: Revocations | undefined
afterEach(() => following?.stop())

const follow = async (revocations: readonly Revocation[]): Promise<Revocations> => {
  following = followRevocations({
    load: async () => ({ revocations, until: '2026-11-20T10:00:00.000Z' }),
    everyMs: 60_000,
    log: createLogger('test', 'silent'),
  })
  await following.loaded()
  return following
}

const session = '01900000-0000-7000-8000-000000000001'

test('a session that is over takes only its own tokens with it', async () => {
  const { revokes } = await follow([{ subject: 'ada', session, rightsVersion: null }])
  expect(revokes({ subject: 'ada', session })).toBe(true)
  expect(revokes({ subject: 'ada', session: '01900000-0000-7000-8000-000000000002' })).toBe(false)
})

test('a change of rights takes what was given before it, and the newest change counts', async () => {
  const { revokes } = await follow([
    { subject: 'ada', session: null, rightsVersion: 3 },
    { subject: 'ada', session: null, rightsVersion: 2 },
  ])
  expect([1, 2, 3].map((rights) => revokes({ subject: 'ada', rights }))).toEqual([true, true, false])
  expect(revokes({ subject: 'bob', rights: 1 })).toBe(false)
})

test('a subject that is gone is gone with all it had', async () => {
  const { revokes } = await follow([{ subject: 'key', session: null, rightsVersion: null }])
  expect(revokes({ subject: 'key' })).toBe(true)
})

test('nobody is let in before it is known what is revoked', async () => {
  following = followRevocations({
    load: () => Promise.reject(new Error('identity is away')),
    everyMs: 60_000,
    log: createLogger('test', 'silent'),
  })
  await expect(following.loaded()).rejects.toThrow('identity is away')
})

test('asks from where the last answer ended', async () => {
  const asked: (string | undefined)[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  following = followRevocations({
    load: async (since) => {
      asked.push(since)
      if (asked.length === 2) resolve()
      return { revocations: [], until: '2026-11-20T10:00:00.000Z' }
    },
    everyMs: 5,
    log: createLogger('test', 'silent'),
  })
  await following.loaded()
  await promise
  expect(asked.slice(0, 2)).toEqual([undefined, '2026-11-20T10:00:00.000Z'])
})
