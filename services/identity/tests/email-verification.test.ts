import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { emailVerificationRequested, emailVerified } from '@comptoir/contracts/identity/events'
import { identity } from '@comptoir/contracts/identity/procedures'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { sweep } from '../src/workers/sweep.ts'
import { openStage, type Stage } from './stage.ts'

const { expectRefusal } = refusals(identity)
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

type Me = Awaited<ReturnType<Stage['register']>>['me']
const verify = (me: Me, token: string | null) => me.verifyEmail({ token: token ?? 'none' })
const refused = (me: Me, token: string | null) =>
  expectRefusal(verify(me, token), 'verifyEmail', 'EMAIL_TOKEN_INVALID')

describe('an address', () => {
  test('is not taken for verified when an account is opened, and a letter is asked for without its secret', async () => {
    const { email, me, session } = await stage.register()
    expect((await me.getMe({})).emailVerified).toBe(false)
    const event = await stage.service.probe.next(
      emailVerificationRequested,
      ({ data }) => data.userId === session.subject,
    )
    expect(event.data).toMatchObject({ email, name: 'Ada', locale: 'en' })
    const token = await stage.tokenFor('email_verification', session.subject)
    const [kept] = await stage.service.sql`
      select (select json_agg(v)::text from email_verifications v) || (select json_agg(o)::text from outbox o) as all`
    expect(kept?.['all']).not.toContain(token)
  })

  test('is verified by the token of the letter, once, and that is told and audited', async () => {
    const { email, me, session } = await stage.register()
    const token = await stage.tokenFor('email_verification', session.subject)
    expect(await verify(me, token)).toBeNull()
    expect(await me.getMe({})).toMatchObject({ emailVerified: true, version: 3 })
    const told = await stage.service.probe.next(emailVerified, ({ data }) => data.userId === session.subject)
    expect(told).toMatchObject({ version: 3, data: { email } })
    const entries = await stage.service.sql`
      select 1 from audit_entries where action = 'account.verified' and target = ${session.subject}`
    expect(entries).toHaveLength(1)
    await refused(me, token)
  })

  test('is verified once, however many show the token at once', async () => {
    const { me, session } = await stage.register()
    const token = await stage.tokenFor('email_verification', session.subject)
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => verify(me, token)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('is not verified by a letter that went to another', async () => {
    const { me, session } = await stage.register()
    const token = await stage.tokenFor('email_verification', session.subject)
    await stage.service
      .sql`update users set email = ${`eve.${session.subject}@example.org`} where id = ${session.subject}`
    await refused(me, token)
  })
})

describe('somebody whose address another has opened an account with', () => {
  test('makes it nobody’s by following the link: it works for who is signed in to the account only', async () => {
    const squatter = await stage.register()
    const token = await stage.tokenFor('email_verification', squatter.session.subject)
    const owner = await stage.register()
    await refused(owner.me, token)
    const nobody = stage.service.as(anonymous).verifyEmail({ token: token ?? 'none' })
    await expectRefusal(nobody, 'verifyEmail', 'UNAUTHENTICATED')
    const third = { ...squatter.actor, via: 'a client', scopes: ['account' as const] }
    const client = stage.service.as(third).verifyEmail({ token: token ?? 'none' })
    await expectRefusal(client, 'verifyEmail', 'FORBIDDEN')
    expect((await squatter.me.getMe({})).emailVerified).toBe(false)
    // Trying has not used it up.
    expect(await verify(squatter.me, token)).toBeNull()
  })

  test('is not taken at their word in a session that is over', async () => {
    const { me, session } = await stage.register()
    const token = await stage.tokenFor('email_verification', session.subject)
    await me.logoutEverywhere({})
    await expectRefusal(verify(me, token), 'verifyEmail', 'UNAUTHENTICATED')
  })
})

describe('a letter', () => {
  test('can be written more than once: whichever copy arrives works, and then none does', async () => {
    const { me, session } = await stage.register()
    const first = await stage.tokenFor('email_verification', session.subject)
    const second = await stage.tokenFor('email_verification', session.subject)
    expect(second).not.toBe(first)
    expect(await verify(me, first)).toBeNull()
    await refused(me, second)
    expect(await stage.tokenFor('email_verification', session.subject)).toBeNull()
  })

  test('works for a day, and gets no token after that', async () => {
    const { me, session } = await stage.register()
    const token = await stage.tokenFor('email_verification', session.subject)
    stage.clock.advance(24 * 60 * 60_000)
    await refused(me, token)
    expect(await stage.tokenFor('email_verification', session.subject)).toBeNull()
    stage.clock.advance(8 * 24 * 60 * 60_000 + 1)
    await sweep.run(stage.service.context, new AbortController().signal)
    const left = await stage.service.sql`select 1 from email_verifications where user_id = ${session.subject}`
    expect(left).toHaveLength(0)
  })

  test('that nobody asked for gets no token', async () => {
    expect(await stage.tokenOf(crypto.randomUUID(), 'email-verification')).toBeNull()
  })

  test('for one purpose is none for another', async () => {
    const { session } = await stage.register()
    const [letter] = await stage.service.sql<{ id: string }[]>`
      select id from email_verifications where user_id = ${session.subject}`
    expect(await stage.tokenOf(letter?.id ?? 'none', 'password-reset')).toBeNull()
  })

  test('can be asked for anew, five times an hour', async () => {
    const { me, session } = await stage.register()
    for (let sent = 0; sent < 5; sent += 1) expect(await me.requestEmailVerification({})).toBeNull()
    stage.clock.advance(10 * 60_000)
    const call = me.requestEmailVerification({})
    const error = await expectRefusal(call, 'requestEmailVerification', 'LETTERS_THROTTLED')
    expect(error.retryAfterSeconds).toBe(50 * 60)
    stage.clock.advance(50 * 60_000)
    expect(await me.requestEmailVerification({})).toBeNull()
    const letters = await stage.service.sql`
      select 1 from outbox where aggregate = 'letter' and payload->>'userId' = ${session.subject}`
    expect(letters).toHaveLength(7)
  })

  test('is not sent to an address that is verified, nor to somebody who is not there any more', async () => {
    const { me, session } = await stage.register()
    await verify(me, await stage.tokenFor('email_verification', session.subject))
    expect(await me.requestEmailVerification({})).toBeNull()
    const letters = await stage.service.sql`
      select 1 from outbox where aggregate = 'letter' and payload->>'userId' = ${session.subject}`
    expect(letters).toHaveLength(1)
    const gone = stage.service.as(customerActor()).requestEmailVerification({})
    await expectRefusal(gone, 'requestEmailVerification', 'UNAUTHENTICATED')
  })
})
