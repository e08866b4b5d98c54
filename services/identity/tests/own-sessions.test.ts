import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { identity } from '@comptoir/contracts/identity/procedures'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { openStage, type Stage } from './stage.ts'

const { expectRefusal } = refusals(identity)
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

describe('a person’s sessions', () => {
  test('are listed newest first, with the one that asks, and without those that are over', async () => {
    const { email, me, actor, session } = await stage.register()
    stage.clock.advance(1_000)
    await stage.login(email)
    const { items } = await me.listSessions({})
    expect(items.map(({ current }) => current)).toEqual([false, true])
    expect(items[1]?.id).toBe(actor.session ?? 'none')
    await stage.service.as(actor).logout({ refreshToken: session.refreshToken })
    expect((await me.listSessions({})).items).toHaveLength(1)
    stage.clock.advance(31 * 24 * 60 * 60_000)
    expect((await me.listSessions({})).items).toEqual([])
  })

  test('end one by one, and the edge hears of it', async () => {
    const { email, me, session } = await stage.register()
    const elsewhere = await stage.login(email)
    const { items } = await me.listSessions({})
    const sessionId = items.find(({ current }) => !current)?.id ?? 'none'
    expect(await me.endSession({ sessionId })).toBeNull()
    await expectRefusal(stage.refresh(elsewhere), 'refresh', 'REFRESH_TOKEN_INVALID')
    expect((await stage.refresh(session)).kind).toBe('customer')
    const told = await stage.service.sql`select 1 from revocations where session_id = ${sessionId}`
    expect(told).toHaveLength(1)
    await expectRefusal(me.endSession({ sessionId }), 'endSession', 'SESSION_NOT_FOUND')
  })

  test('of somebody else are not there', async () => {
    const owner = await stage.register()
    const other = await stage.register()
    const call = other.me.endSession({ sessionId: owner.actor.session ?? 'none' })
    await expectRefusal(call, 'endSession', 'SESSION_NOT_FOUND')
    expect((await stage.refresh(owner.session)).kind).toBe('customer')
  })
})

test('signing out everywhere ends every session, of this person only', async () => {
  const { email, me, session } = await stage.register()
  const elsewhere = await stage.login(email)
  const other = await stage.register()
  expect(await me.logoutEverywhere({})).toBeNull()
  for (const ended of [session, elsewhere])
    await expectRefusal(stage.refresh(ended), 'refresh', 'REFRESH_TOKEN_INVALID')
  expect((await stage.refresh(other.session)).kind).toBe('customer')
  const told = await stage.service.sql`select 1 from revocations where subject = ${session.subject}`
  expect(told).toHaveLength(2)
  const [entry] = await stage.service.sql`
    select facts from audit_entries where action = 'session.ended' and target = ${session.subject}`
  expect(entry?.['facts']).toEqual({ sessions: 2 })
})
