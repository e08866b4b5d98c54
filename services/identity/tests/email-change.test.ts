import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import {
  emailChangeAnnounced,
  emailChangeRequested,
  emailVerified,
  userUpdated,
} from '@comptoir/contracts/identity/events'
import { identity } from '@comptoir/contracts/identity/procedures'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { openStage, password, type Stage } from './stage.ts'

const { expectRefusal } = refusals(identity)
const newAddress = () => `ada.new.${crypto.randomUUID()}@example.org`
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

type Me = Awaited<ReturnType<Stage['register']>>['me']
const confirm = (me: Me, token: string | null) => me.confirmEmailChange({ token: token ?? 'none' })

describe('another address', () => {
  test('becomes the account’s once the letter to it is answered; the one before is told', async () => {
    const { email: before, me, session } = await stage.register()
    const email = newAddress()
    expect(await me.requestEmailChange({ email })).toBeNull()
    const { subject } = session
    const isTheirs = ({ data }: { data: { userId: string } }) => data.userId === subject
    expect((await stage.service.probe.next(emailChangeRequested, isTheirs)).data.email).toBe(email)
    expect((await stage.service.probe.next(emailChangeAnnounced, isTheirs)).data.email).toBe(before)
    expect((await me.getMe({})).email).toBe(before)
    const token = await stage.tokenFor('email_change', subject)
    expect(await confirm(me, token)).toBeNull()
    expect(await me.getMe({})).toMatchObject({ email, emailVerified: true, version: 3 })
    expect(await stage.service.probe.next(userUpdated, isTheirs)).toMatchObject({
      version: 3,
      data: { email },
    })
    expect((await stage.service.probe.next(emailVerified, isTheirs)).data.email).toBe(email)
    expect((await stage.login(email)).subject).toBe(subject)
    await expectRefusal(stage.login(before), 'login', 'CREDENTIALS_INVALID')
    await expectRefusal(confirm(me, token), 'confirmEmailChange', 'EMAIL_TOKEN_INVALID')
  })

  test('takes the say from letters to the one before', async () => {
    const { email: before, me, session } = await stage.register()
    await stage.forget(before)
    const reset = await stage.tokenFor('password_reset', session.subject)
    await me.requestEmailChange({ email: newAddress() })
    await confirm(me, await stage.tokenFor('email_change', session.subject))
    const call = stage.service
      .as(anonymous)
      .resetPassword({ token: reset ?? 'none', password: 'quite another' })
    await expectRefusal(call, 'resetPassword', 'RESET_TOKEN_INVALID')
  })

  test('is made no account’s by whoever gets the letter, unless they are signed in to it', async () => {
    const mallory = await stage.register()
    const victim = await stage.register()
    await mallory.me.requestEmailChange({ email: newAddress() })
    const token = await stage.tokenFor('email_change', mallory.session.subject)
    await expectRefusal(confirm(victim.me, token), 'confirmEmailChange', 'EMAIL_TOKEN_INVALID')
    const nobody = stage.service.as(anonymous).confirmEmailChange({ token: token ?? 'none' })
    await expectRefusal(nobody, 'confirmEmailChange', 'UNAUTHENTICATED')
    const third = { ...mallory.actor, via: 'a client', scopes: ['account' as const] }
    const client = stage.service.as(third).confirmEmailChange({ token: token ?? 'none' })
    await expectRefusal(client, 'confirmEmailChange', 'FORBIDDEN')
    expect((await mallory.me.getMe({})).email).toBe(mallory.email)
    await mallory.me.logoutEverywhere({})
    await expectRefusal(confirm(mallory.me, token), 'confirmEmailChange', 'UNAUTHENTICATED')
  })

  test('cannot be answered for any more once the owner has changed the password', async () => {
    const { email: before, me, session } = await stage.register()
    await me.requestEmailChange({ email: newAddress() })
    const token = await stage.tokenFor('email_change', session.subject)
    await me.changePassword({ currentPassword: password, password: 'a wholly different one' })
    await expectRefusal(confirm(me, token), 'confirmEmailChange', 'EMAIL_TOKEN_INVALID')
    expect((await me.getMe({})).email).toBe(before)
  })

  test('is not asked for in a session that is over', async () => {
    const { me } = await stage.register()
    await me.logoutEverywhere({})
    await expect(me.requestEmailChange({ email: newAddress() })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('that is taken is refused, in any case of its letters, and one’s own may be written otherwise', async () => {
    const { email: taken } = await stage.register()
    const { email: own, me, session } = await stage.register()
    const call = me.requestEmailChange({ email: taken.toUpperCase() })
    await expectRefusal(call, 'requestEmailChange', 'EMAIL_TAKEN')
    await me.requestEmailChange({ email: own.toUpperCase() })
    await confirm(me, await stage.tokenFor('email_change', session.subject))
    expect((await me.getMe({})).email).toBe(own.toUpperCase())
  })

  test('that two ask for goes to one of them, and a newcomer may be faster than both', async () => {
    const email = newAddress()
    const people = await Promise.all([stage.register(), stage.register()])
    for (const { me } of people) await me.requestEmailChange({ email })
    const tokens = await Promise.all(
      people.map(({ session }) => stage.tokenFor('email_change', session.subject)),
    )
    const results = await Promise.allSettled(
      people.map(({ me }, index) => confirm(me, tokens[index] ?? null)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)

    const late = await stage.register()
    const wanted = newAddress()
    await late.me.requestEmailChange({ email: wanted })
    const token = await stage.tokenFor('email_change', late.session.subject)
    await stage.register(wanted)
    await expectRefusal(confirm(late.me, token), 'confirmEmailChange', 'EMAIL_TAKEN')
    expect((await late.me.getMe({})).email).toBe(late.email)
  })

  test('can be asked for five times an hour, by somebody who has proved lately who they are', async () => {
    const { actor, me } = await stage.register()
    const stale = stage.service.as({ ...actor, provedAt: (actor.provedAt ?? 0) - 601 })
    const email = newAddress()
    const refused = stale.requestEmailChange({ email })
    await expectRefusal(refused, 'requestEmailChange', 'REAUTHENTICATION_REQUIRED')
    for (let asked = 0; asked < 5; asked += 1) await me.requestEmailChange({ email })
    const call = me.requestEmailChange({ email })
    const error = await expectRefusal(call, 'requestEmailChange', 'LETTERS_THROTTLED')
    expect(error.retryAfterSeconds).toBe(60 * 60)
  })
})
