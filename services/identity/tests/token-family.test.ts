import { afterAll, beforeAll, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { untilWaiting } from './until-waiting.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const starting = startTestService(app(config))
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const refresh = (session: Session) => service.as(anonymous).refresh({ refreshToken: session.refreshToken })
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

/** Holds the exchange of the subject's live token up just before its child is written, until it is let go. */
const holdExchangeUp = async ({ subject }: Session) => {
  const connection = await service.sql.reserve()
  await connection`begin`
  // Another child of the same token, which is never committed.
  await connection`
    insert into refresh_tokens (id, token_hash, family_id, parent_id, subject_kind, subject_id, created_at, expires_at)
    select gen_random_uuid(), 'held up', family_id, id, subject_kind, subject_id, created_at, expires_at
    from refresh_tokens where subject_id = ${subject} and used_at is null`
  return async () => {
    await connection`rollback`
    connection.release()
  }
}

test('a replay and a sign-out end the family also while a live token of it is being exchanged', async () => {
  const enders = {
    replay: (used: Session) => codeOf(refresh(used)),
    'sign-out': (used: Session) => service.as(anonymous).logout({ refreshToken: used.refreshToken }),
  }
  for (const [name, end] of Object.entries(enders)) {
    const first = await service.as(anonymous).createGuest({})
    const second = await refresh(first)
    const letGo = await holdExchangeUp(first)
    const exchange = refresh(second)
    await untilWaiting(service.sql, 1)
    const ended = end(first)
    await untilWaiting(service.sql, 2)
    await letGo()
    const third = await exchange
    await ended
    expect(await codeOf(refresh(third)), name).toBe('REFRESH_TOKEN_INVALID')
  }
})

test('a session that somebody ended elsewhere gives no tokens any more, though one of its own was missed', async () => {
  const first = await service.as(anonymous).createGuest({})
  await service.sql`
    update sessions set ended_at = now()
    where id = (select family_id from refresh_tokens where subject_id = ${first.subject})`
  expect(await codeOf(refresh(first))).toBe('REFRESH_TOKEN_INVALID')
})
