import { afterAll, beforeAll, expect, test } from 'bun:test'
import { secondFactorEnrolled, secondFactorRemoved } from '@comptoir/contracts/identity/events'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

test('whoever sets a second factor up, or gives it up, is told by letter, and nobody else is', async () => {
  const { email, actor, me } = await stage.register()
  const told = async () => {
    const rows = await stage.service.sql<{ subject: string; payload: unknown }[]>`
      select subject, payload from outbox
      where aggregate_id = ${actor.id} and subject like '%second_factor%' order by position`
    return [...rows]
  }
  const { secret } = await me.enrolSecondFactor({})
  const code = () => {
    stage.clock.advance(30_000)
    return codeOfStep(fromBase32(secret), Math.floor(stage.clock.now().getTime() / 30_000))
  }
  await me.confirmSecondFactor({ code: 'not one' }).catch(() => undefined)
  expect(await told()).toEqual([])
  const payload = { userId: actor.id, email, name: 'Ada', locale: 'en' }
  await me.confirmSecondFactor({ code: code() })
  expect(await told()).toEqual([{ subject: secondFactorEnrolled.subject, payload }])
  await me.removeSecondFactor({ code: code() })
  expect((await told())[1]).toEqual({ subject: secondFactorRemoved.subject, payload })
})
