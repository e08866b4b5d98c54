import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { passwordChanged, passwordResetRequested } from '@comptoir/contracts/identity/events'
import { identity } from '@comptoir/contracts/identity/procedures'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'
import { openStage, password, type Stage } from './stage.ts'

const { expectRefusal } = refusals(identity)
const next = 'a wholly different one'
const common = 'password1234'
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

const reset = (token: string | null, given = next) =>
  stage.service.as(anonymous).resetPassword({ token: token ?? 'none', password: given })
const resetToken = async ({ email, session }: Awaited<ReturnType<Stage['register']>>) => {
  await stage.forget(email)
  return stage.tokenFor('password_reset', session.subject)
}
const lettersTo = (subject: string) =>
  stage.service.sql`
    select 1 from outbox
    where subject = ${passwordResetRequested.subject} and payload->>'userId' = ${subject}`
const revoked = (session: string) =>
  stage.service.sql`select 1 from revocations where session_id = ${session}`

describe('a new password', () => {
  test('that attackers try first, or that is made of one’s own name, is refused wherever one is set', async () => {
    const account = { email: `ada.${crypto.randomUUID()}@example.org`, name: 'Ada Lovelace' }
    for (const given of [common, 'Lovelace1815'])
      await expectRefusal(
        stage.service.as(anonymous).register({ ...account, password: given }),
        'register',
        'PASSWORD_BREACHED',
      )
    const person = await stage.register()
    const changed = person.me.changePassword({ currentPassword: password, password: common })
    await expectRefusal(changed, 'changePassword', 'PASSWORD_BREACHED')
    const token = await resetToken(person)
    await expectRefusal(reset(token, common), 'resetPassword', 'PASSWORD_BREACHED')
    expect(await reset(token)).toBeNull()
  })
})

describe('somebody who forgot the password', () => {
  test('chooses another by a letter, once; every session ends, and they are told', async () => {
    const person = await stage.register()
    const token = await resetToken(person)
    expect(await reset(token)).toBeNull()
    await expectRefusal(stage.login(person.email), 'login', 'CREDENTIALS_INVALID')
    expect((await stage.login(person.email, next)).kind).toBe('customer')
    await expectRefusal(stage.refresh(person.session), 'refresh', 'REFRESH_TOKEN_INVALID')
    expect(await revoked(person.actor.session ?? 'none')).toHaveLength(1)
    await stage.service.probe.next(passwordChanged, ({ data }) => data.email === person.email)
    const entries = await stage.service.sql`
      select 1 from audit_entries where action = 'account.password_reset' and target = ${person.session.subject}`
    expect(entries).toHaveLength(1)
    await expectRefusal(reset(token, 'and one more again'), 'resetPassword', 'RESET_TOKEN_INVALID')
  })

  test('is not kept out by the second factor of whoever opened an account with their address before', async () => {
    const squatter = await stage.register()
    const { secret } = await squatter.me.enrolSecondFactor({})
    const step = Math.floor(stage.clock.now().getTime() / 30_000)
    await squatter.me.confirmSecondFactor({ code: codeOfStep(fromBase32(secret), step) })
    await expectRefusal(stage.login(squatter.email), 'login', 'SECOND_FACTOR_REQUIRED')
    expect(await reset(await resetToken(squatter))).toBeNull()
    expect((await stage.login(squatter.email, next)).kind).toBe('customer')
  })

  test('keeps the second factor that was set up after the address was known to be theirs', async () => {
    const person = await stage.register()
    await stage.service.sql`update users set email_verified_at = now() where id = ${person.session.subject}`
    const { secret } = await person.me.enrolSecondFactor({})
    const step = Math.floor(stage.clock.now().getTime() / 30_000)
    await person.me.confirmSecondFactor({ code: codeOfStep(fromBase32(secret), step) })
    expect(await reset(await resetToken(person))).toBeNull()
    await expectRefusal(stage.login(person.email, next), 'login', 'SECOND_FACTOR_REQUIRED')
  })

  test('has shown that the address is theirs', async () => {
    const person = await stage.register()
    await reset(await resetToken(person))
    const session = await stage.login(person.email, next)
    expect((await stage.asHolderOf(session).getMe({})).emailVerified).toBe(true)
  })

  test('gets in at once although somebody else has used up the tries', async () => {
    const person = await stage.register()
    for (let tried = 0; tried < 10; tried += 1)
      await expectRefusal(stage.login(person.email, 'a guess'), 'login', 'CREDENTIALS_INVALID')
    await expectRefusal(stage.login(person.email), 'login', 'LOGIN_THROTTLED')
    await reset(await resetToken(person))
    expect((await stage.login(person.email, next)).kind).toBe('customer')
  })

  test('is answered as somebody who has no account, who gets no letter', async () => {
    const { email, session } = await stage.register()
    const unknown = `nobody.${crypto.randomUUID()}@example.org`
    const ask = (address: string) => stage.service.as(anonymous).requestPasswordReset({ email: address })
    expect(await ask(unknown)).toEqual(await ask(email.toUpperCase()))
    await stage.forget(unknown)
    await stage.service.probe.next(passwordResetRequested, ({ data }) => data.userId === session.subject)
    expect(stage.service.probe.seen(passwordResetRequested).map(({ data }) => data.email)).not.toContain(
      unknown,
    )
  })

  test('gets five letters in half an hour and the same answer beyond; the letters before still work', async () => {
    const person = await stage.register()
    const token = await resetToken(person)
    for (let asked = 0; asked < 6; asked += 1) await stage.forget(person.email)
    expect(await lettersTo(person.session.subject)).toHaveLength(5)
    expect(await reset(token)).toBeNull()
  })

  test('gets one again as soon as those before are over, so that nobody keeps them out by asking', async () => {
    const person = await stage.register()
    for (let asked = 0; asked < 6; asked += 1) await stage.forget(person.email)
    stage.clock.advance(30 * 60_000)
    expect(await reset(await resetToken(person))).toBeNull()
    expect(await lettersTo(person.session.subject)).toHaveLength(6)
    for (let asked = 0; asked < 6; asked += 1) await stage.forget(person.email)
    await reset(await resetToken(person), 'and one more again')
    await stage.forget(person.email)
    expect(await lettersTo(person.session.subject)).toHaveLength(12)
  })

  test('who may not sign in gets no letter', async () => {
    const person = await stage.register()
    await stage.service.sql`update users set disabled_at = now() where id = ${person.session.subject}`
    await stage.forget(person.email)
    const letters = await stage.service
      .sql`select 1 from password_resets where user_id = ${person.session.subject}`
    expect(letters).toHaveLength(0)
  })
})

describe('a letter for a new password', () => {
  test('works for half an hour', async () => {
    const token = await resetToken(await stage.register())
    stage.clock.advance(30 * 60_000)
    await expectRefusal(reset(token), 'resetPassword', 'RESET_TOKEN_INVALID')
  })

  test('works once, however many show it at once', async () => {
    const token = await resetToken(await stage.register())
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => reset(token)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('works no more once the password was changed otherwise', async () => {
    const person = await stage.register()
    const token = await resetToken(person)
    await person.me.changePassword({ currentPassword: password, password: next })
    await expectRefusal(reset(token), 'resetPassword', 'RESET_TOKEN_INVALID')
  })
})

describe('changing the password', () => {
  test('takes the one so far, ends every other session and tells the person', async () => {
    const person = await stage.register()
    const elsewhere = await stage.login(person.email)
    expect(await person.me.changePassword({ currentPassword: password, password: next })).toBeNull()
    await expectRefusal(stage.refresh(elsewhere), 'refresh', 'REFRESH_TOKEN_INVALID')
    expect((await stage.refresh(person.session)).kind).toBe('customer')
    await stage.service.probe.next(passwordChanged, ({ data }) => data.email === person.email)
    expect((await stage.login(person.email, next)).kind).toBe('customer')
  })

  test('with a wrong one is refused, ten times at most', async () => {
    const { me } = await stage.register()
    const change = () => me.changePassword({ currentPassword: 'a guess', password: next })
    for (let tried = 0; tried < 10; tried += 1)
      await expectRefusal(change(), 'changePassword', 'PASSWORD_WRONG')
    stage.clock.advance(60_000)
    const error = await expectRefusal(change(), 'changePassword', 'PASSWORD_THROTTLED')
    expect(error.retryAfterSeconds).toBe(14 * 60)
  })

  test('twice at once from one password succeeds once', async () => {
    const { me } = await stage.register()
    const change = (to: string) => me.changePassword({ currentPassword: password, password: to })
    const results = await Promise.allSettled([change(next), change('yet another choice')])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('of somebody who is not there any more needs a new credential', async () => {
    const gone = stage.service.as(customerActor())
    const call = gone.changePassword({ currentPassword: password, password: next })
    await expectRefusal(call, 'changePassword', 'UNAUTHENTICATED')
  })
})

test('signing in replaces a hash whose parameters are not those of today', async () => {
  const { email } = await stage.register()
  const cheap = { algorithm: 'argon2id', memoryCost: 8_192, timeCost: 1 } as const
  const old = await Bun.password.hash(password, cheap)
  const hashOf = async () => {
    const [row] = await stage.service.sql`select password_hash as hash from users where email = ${email}`
    return String(row?.['hash'])
  }
  await stage.service.sql`update users set password_hash = ${old} where email = ${email}`
  await stage.login(email)
  expect(await hashOf()).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  const renewed = await hashOf()
  await stage.login(email)
  expect(await hashOf()).toBe(renewed)
})
