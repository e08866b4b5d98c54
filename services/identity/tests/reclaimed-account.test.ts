// An account that somebody opened with an address that was not theirs, and its owner, who comes by a provider.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { emailVerified, providerLinked } from '@comptoir/contracts/identity/events'
import { identity } from '@comptoir/contracts/identity/procedures'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'
import { newPerson, openProviderStage, password, type ProviderStage } from './provider-stage.ts'

const { expectRefusal } = refusals(identity)
let stage: ProviderStage
beforeAll(async () => {
  stage = await openProviderStage()
})
afterAll(() => stage?.stop())

const login = (email: string, given = password) =>
  stage.service.as(anonymous).login({ email, password: given })

test('keeps nothing by which the stranger gets in, and the owner is told to ask for a password', async () => {
  const owner = newPerson()
  const squatter = await stage.register(owner.email)
  const elsewhere = await login(owner.email)
  const door = newPerson()
  await stage.link(squatter, door, 'second')
  await squatter.me.requestEmailChange({ email: `mallory.${door.sub}@example.org` })
  const { secret } = await squatter.me.enrolSecondFactor({})
  const step = Math.floor(stage.clock.now().getTime() / 30_000)
  await squatter.me.confirmSecondFactor({ code: codeOfStep(fromBase32(secret), step) })

  const { actor, me } = await stage.signIn(owner)
  expect(actor.id).toBe(squatter.actor.id)
  expect(await me.getMe({})).toMatchObject({ email: owner.email, emailVerified: true })
  expect(await me.getSecondFactor({})).toMatchObject({ enrolled: false, recoveryCodesLeft: 0 })
  expect((await me.listProviderLinks({})).items.map(({ provider }) => provider)).toEqual(['first'])
  await expectRefusal(login(owner.email), 'login', 'CREDENTIALS_INVALID')
  const refresh = stage.service.as(anonymous).refresh({ refreshToken: elsewhere.refreshToken })
  await expectRefusal(refresh, 'refresh', 'REFRESH_TOKEN_INVALID')
  expect((await stage.signIn(door, 'second')).actor.id).not.toBe(actor.id)
  const open = await stage.service.sql`
    select 1 from sessions where subject_id = ${actor.id} and ended_at is null`
  expect(open).toHaveLength(1)
  const letters = await stage.service.sql`
    select 1 from email_changes where user_id = ${actor.id} and used_at is null`
  expect(letters).toHaveLength(0)

  const isTheirs = ({ data }: { data: { userId: string } }) => data.userId === actor.id
  await stage.service.probe.next(emailVerified, isTheirs)
  const told = await stage.service.probe.next(
    providerLinked,
    (event) => isTheirs(event) && event.data.provider === 'first',
  )
  expect(told.data).toMatchObject({ email: owner.email, passwordRemoved: true })
  const entries = await stage.service.sql`
    select action from audit_entries where target = ${actor.id} order by sequence`
  expect(entries.map(({ action }) => action as string).slice(-3)).toEqual([
    'account.verified',
    'account.linked',
    'session.opened',
  ])
})

test('that its owner has confirmed, signed in to it, keeps its password when they come by a provider', async () => {
  const owner = newPerson()
  const { session } = await stage.register(owner.email)
  await stage.service.sql`update users set email_verified_at = now() where id = ${session.subject}`
  await stage.signIn(owner)
  expect((await login(owner.email)).subject).toBe(session.subject)
  const told = await stage.service.probe.next(providerLinked, ({ data }) => data.userId === session.subject)
  expect(told.data.passwordRemoved).toBe(false)
})

test('is nobody’s new account where somebody disabled it, and stays as it was', async () => {
  const owner = newPerson()
  const { session } = await stage.register(owner.email)
  await stage.service.sql`update users set disabled_at = now() where id = ${session.subject}`
  await expect(stage.signIn(owner)).rejects.toMatchObject({ code: 'ACCOUNT_CLOSED' })
  const [row] = await stage.service.sql`
    select password_hash, email_verified_at from users where id = ${session.subject}`
  expect(row?.['password_hash']).toStartWith('$argon2id')
  expect(row?.['email_verified_at']).toBeNull()
})

test('is not shared with whoever gets its mailbox at the same provider afterwards', async () => {
  const owner = newPerson()
  await stage.signIn(owner)
  const heir = { ...newPerson(), email: owner.email }
  await expectRefusal(stage.signIn(heir), 'finishProviderSignIn', 'ACCOUNT_NOT_LINKABLE')
  expect((await stage.signIn(owner)).actor.kind).toBe('customer')
})
