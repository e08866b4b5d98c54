import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { identity } from '@comptoir/contracts/identity/procedures'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'
import { openStage, password, type Stage } from './stage.ts'

const { expectRefusal } = refusals(identity)
const wrong = 'a wrong password'
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

type Person = Awaited<ReturnType<Stage['register']>>
const guess = ({ me }: Pick<Person, 'me'>) => me.reauthenticate({ password: wrong })
const codesOf = async (calls: readonly Promise<unknown>[]) => {
  const results = await Promise.allSettled(calls)
  const codes = results.map((result) => (result.status === 'fulfilled' ? 'in' : String(result.reason.code)))
  return Object.fromEntries(
    [...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]),
  )
}
const elsewhere = async ({ email }: Person) => {
  const session = await stage.login(email)
  return { session, me: await stage.asHolderOf(session) }
}

describe('tries to prove who one is', () => {
  test('are not used up by strangers who try to sign in, nor the other way round', async () => {
    const ada = await stage.register()
    const strangers = Array.from({ length: 12 }, () => stage.login(ada.email, wrong))
    expect(await codesOf(strangers)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 2 })
    expect((await ada.me.reauthenticate({ password })).kind).toBe('customer')
    await expectRefusal(stage.login(ada.email), 'login', 'LOGIN_THROTTLED')

    const bob = await stage.register()
    expect(await codesOf(Array.from({ length: 12 }, () => guess(bob)))).toEqual({
      CREDENTIALS_INVALID: 10,
      LOGIN_THROTTLED: 2,
    })
    expect((await stage.login(bob.email)).kind).toBe('customer')
  })

  test('of two hundred at once are ten, in however many sessions, and it is said when to come back', async () => {
    const ada = await stage.register()
    const other = await elsewhere(ada)
    const guesses = Array.from({ length: 200 }, (_, index) => guess(index % 2 === 0 ? ada : other))
    expect(await codesOf(guesses)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 190 })
    stage.clock.advance(5 * 60_000)
    const again = ada.me.reauthenticate({ password })
    const error = await expectRefusal(again, 'reauthenticate', 'LOGIN_THROTTLED')
    expect(error.retryAfterSeconds).toBe(600)
    stage.clock.advance(10 * 60_000)
    expect((await ada.me.reauthenticate({ password })).kind).toBe('customer')
  })

  test('are the same for the password, for a new one and for codes', async () => {
    const ada = await stage.register()
    const change = () => ada.me.changePassword({ currentPassword: wrong, password: 'another good one' })
    for (let tried = 0; tried < 5; tried += 1) {
      await expectRefusal(change(), 'changePassword', 'PASSWORD_WRONG')
      await expectRefusal(guess(ada), 'reauthenticate', 'CREDENTIALS_INVALID')
    }
    await expectRefusal(change(), 'changePassword', 'PASSWORD_THROTTLED')
    const confirm = ada.me.confirmSecondFactor({ code: '123456' })
    await expectRefusal(confirm, 'confirmSecondFactor', 'LOGIN_THROTTLED')
  })

  test('are forgotten once one succeeds', async () => {
    const ada = await stage.register()
    for (let round = 0; round < 3; round += 1) {
      for (let tried = 0; tried < 9; tried += 1)
        await expectRefusal(guess(ada), 'reauthenticate', 'CREDENTIALS_INVALID')
      expect((await ada.me.reauthenticate({ password })).kind).toBe('customer')
    }
  })
})

test('tries of codes are forgotten once one fits, where there is no password to guess', async () => {
  const grace = await stage.register()
  await stage.service.sql`update users set password_hash = null where id = ${grace.actor.id}`
  const nextCode = (secret: string) => {
    stage.clock.advance(30_000)
    return codeOfStep(fromBase32(secret), Math.floor(stage.clock.now().getTime() / 30_000))
  }
  const missNineTimes = async (show: (given: { code: string }) => Promise<unknown>, secret: string) => {
    // A code of an hour ago is a wrong one.
    const code = codeOfStep(fromBase32(secret), Math.floor(stage.clock.now().getTime() / 30_000) - 120)
    expect(await codesOf(Array.from({ length: 9 }, () => show({ code })))).toEqual({
      SECOND_FACTOR_INVALID: 9,
    })
  }
  for (let round = 0; round < 2; round += 1) {
    const { secret } = await grace.me.enrolSecondFactor({})
    await missNineTimes((given) => grace.me.confirmSecondFactor(given), secret)
    await grace.me.confirmSecondFactor({ code: nextCode(secret) })
    await missNineTimes((given) => grace.me.removeSecondFactor(given), secret)
    await grace.me.removeSecondFactor({ code: nextCode(secret) })
  }
})

describe('a session in wrong hands', () => {
  test('is good for ten guesses, however slowly they come, and then it is over; no other is', async () => {
    const ada = await stage.register()
    const other = await elsewhere(ada)
    for (let tried = 0; tried < 10; tried += 1) {
      await expectRefusal(guess(ada), 'reauthenticate', 'CREDENTIALS_INVALID')
      stage.clock.advance(15 * 60_000)
    }
    const right = ada.me.reauthenticate({ password })
    await expectRefusal(right, 'reauthenticate', 'UNAUTHENTICATED')
    await expectRefusal(stage.refresh(ada.session), 'refresh', 'REFRESH_TOKEN_INVALID')
    const revoked = await stage.service.sql`
      select 1 from revocations where session_id = ${ada.actor.session ?? ''}`
    expect(revoked).toHaveLength(1)
    const entries = await stage.service.sql`
      select facts from audit_entries where target = ${ada.actor.id} and action = 'session.ended'`
    expect(entries.map(({ facts }) => facts as unknown)).toEqual([
      { session: ada.actor.session ?? '', by: 'tries' },
    ])
    expect((await other.me.reauthenticate({ password })).kind).toBe('customer')
  })

  test('cannot keep the owner from signing in, and so from what asks for a fresh proof', async () => {
    const ada = await stage.register()
    await codesOf(Array.from({ length: 11 }, () => guess(ada)))
    const { me } = await elsewhere(ada)
    await expectRefusal(me.reauthenticate({ password }), 'reauthenticate', 'LOGIN_THROTTLED')
    expect(await me.logoutEverywhere({})).toBeNull()
    const fresh = await elsewhere(ada)
    expect((await fresh.me.enrolSecondFactor({})).secret).toBeString()
  })
})
