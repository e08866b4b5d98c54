// What becomes of an account at a provider that its owner has unlinked.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { passwordResetRequested } from '@comptoir/contracts/identity/events'
import { identity } from '@comptoir/contracts/identity/procedures'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { type Browser, newPerson, openProviderStage, type ProviderStage } from './provider-stage.ts'
import { untilWaiting } from './until-waiting.ts'

const { expectRefusal } = refusals(identity)
let stage: ProviderStage
beforeAll(async () => {
  stage = await openProviderStage()
})
afterAll(() => stage?.stop())

type Person = ReturnType<typeof newPerson>
/** Somebody with a password, whose address both sides have verified unless told otherwise. */
const openAccount = async ({ email }: Person, { verified = true } = {}) => {
  const ada = await stage.register(email)
  if (verified) await stage.service.sql`update users set email_verified_at = now() where id = ${ada.actor.id}`
  return ada
}
const unlink = async ({ me }: Pick<Browser, 'me'>, provider = 'first') => {
  const { items } = await me.listProviderLinks({})
  await me.removeProviderLink({ linkId: items.find((link) => link.provider === provider)?.id ?? 'none' })
}
/** Somebody who has linked an account at the first provider, and has unlinked it. */
const openUnlinked = async (more: { verified?: boolean } = {}) => {
  const person = newPerson()
  const ada = await openAccount(person, more)
  await stage.link(ada, person)
  await unlink(ada)
  return { person, ada }
}
const signIn = async (person: Person) => (await stage.signIn(person)).actor.id
const refuse = (person: Person) =>
  expectRefusal(stage.signIn(person), 'finishProviderSignIn', 'ACCOUNT_NOT_LINKABLE')
/** Their way back from the provider, which is still to be ended. */
const returning = async (person: Person) => {
  const redirectUri = 'https://shop.example/auth/first/callback'
  const begun = { provider: 'first', redirectUri, returnTo: '/', binding: 'b'.repeat(43), guestId: null }
  const { location } = await stage.edge().startProviderSignIn(begun)
  return stage.providers.first.visit(location, person)
}
const resetPassword = async ({ email, actor }: { email: string; actor: Browser['actor'] }) => {
  await stage.service.as(anonymous).requestPasswordReset({ email })
  const { data } = await stage.service.probe.next(
    passwordResetRequested,
    (asked) => asked.data.userId === actor.id,
  )
  const asked = { letterId: data.letterId, purpose: 'password-reset' as const }
  const { token } = await stage.service.as(serviceActor('notifications')).issueLetterToken(asked)
  await stage.service.as(anonymous).resetPassword({ token: token ?? 'none', password: 'quite another one' })
}

test('is no way in by the verified address, until its owner links it by hand again', async () => {
  const { person, ada } = await openUnlinked()
  const error = await refuse(person)
  expect(error.data).toEqual({ returnTo: '/' })
  expect((await ada.me.listProviderLinks({})).items).toEqual([])
  const proof = ada.me.startProviderProof({ provider: 'first' })
  await expectRefusal(proof, 'startProviderProof', 'PROVIDER_NOT_LINKED')
  await stage.link(ada, person)
  expect(await signIn(person)).toBe(ada.actor.id)
  // Linked by hand, it is no longer known as unlinked: a password by letter drops it like every other link.
  await resetPassword(ada)
  expect(await signIn(person)).toBe(ada.actor.id)
})

test('stays unlinked through a new password by letter, and what was linked is linked again', async () => {
  const { person, ada } = await openUnlinked()
  const kept = { ...newPerson(), email: person.email }
  await stage.link(ada, kept, 'second')
  await resetPassword(ada)
  await refuse(person)
  expect((await stage.signIn(kept, 'second')).actor.id).toBe(ada.actor.id)
})

test('of whoever opened an account with another’s address does not keep its owner out, who takes it over by letter', async () => {
  const mallory = newPerson()
  const owner = newPerson()
  const squatted = await openAccount(owner, { verified: false })
  await stage.link(squatted, mallory)
  await unlink(squatted)
  await resetPassword(squatted)
  expect(await signIn(owner)).toBe(squatted.actor.id)
  await refuse({ ...mallory, email: owner.email })
})

test('is forgotten when its owner links it by hand while an earlier version links it again by the address', async () => {
  const { person, ada } = await openUnlinked()
  const { location } = await ada.me.startProviderLink({ provider: 'first' })
  const query = await stage.providers.first.visit(await stage.goOn(location, ada), person)
  await stage.service.sql`
    insert into external_identities (id, issuer, subject, user_id, linked_at)
    values (${crypto.randomUUID()}, ${stage.providers.first.issuer}, ${person.sub}, ${ada.actor.id}, now())`
  await stage.end(query, ada)
  await resetPassword(ada)
  expect(await signIn(person)).toBe(ada.actor.id)
})

test('opens another account by another address, and stays unlinked from the first for all that becomes of that', async () => {
  const { person, ada } = await openUnlinked()
  const elsewhere = { ...person, email: newPerson().email }
  const other = await signIn(elsewhere)
  expect(other).not.toBe(ada.actor.id)
  expect(await signIn(person)).toBe(other)
})

test('is not linked again by a detour over somebody else’s account', async () => {
  const { person, ada } = await openUnlinked()
  const mallory = await stage.register()
  await stage.link(mallory, person)
  expect(await signIn(person)).toBe(mallory.actor.id)
  await unlink(mallory)
  await refuse(person)
  expect((await ada.me.listProviderLinks({})).items).toEqual([])
})

test('leaves its place to nobody who has the mailbox there afterwards', async () => {
  const { person } = await openUnlinked()
  await refuse({ ...newPerson(), email: person.email })
})

test('does not take an account over whose address was never verified; its owner does, beside whom it is another one there', async () => {
  const { person, ada } = await openUnlinked({ verified: false })
  await refuse(person)
  const owner = { ...newPerson(), email: person.email }
  expect(await signIn(owner)).toBe(ada.actor.id)
  await refuse(person)
})

test('gives nobody a session who comes at the very moment at which it is unlinked', async () => {
  const person = newPerson()
  const ada = await openAccount(person)
  await stage.link(ada, person)
  const query = await returning(person)
  const connection = await stage.service.sql.reserve()
  await connection`begin`
  await connection`select from users where id = ${ada.actor.id} for update`
  const unlinked = unlink(ada)
  await untilWaiting(stage.service.sql, 1)
  const signedIn = stage.end(query, null).catch((error: unknown) => error)
  await untilWaiting(stage.service.sql, 2)
  await connection`rollback`
  connection.release()
  await unlinked
  expect(await signedIn).toMatchObject({ code: 'ACCOUNT_NOT_LINKABLE' })
  const open = await stage.service.sql`
    select id from sessions where subject_id = ${ada.actor.id} and ended_at is null`
  expect(open.map(({ id }) => id as string)).toEqual([ada.held.id])
})

test('that becomes another account’s while somebody comes by it lets them in to neither; the next try does', async () => {
  const person = newPerson()
  const [ada, bob] = [await openAccount(person), await stage.register()]
  await stage.link(ada, person)
  const query = await returning(person)
  const connection = await stage.service.sql.reserve()
  await connection`begin`
  await connection`select from users where id = ${ada.actor.id} for update`
  const signedIn = stage.end(query, null).catch((error: unknown) => error)
  await untilWaiting(stage.service.sql, 1)
  await connection`update external_identities set user_id = ${bob.actor.id} where subject = ${person.sub}`
  await connection`commit`
  connection.release()
  expect(await signedIn).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await signIn(person)).toBe(bob.actor.id)
})

test('is in the export of its owner, apart from what is linked', async () => {
  const { person, ada } = await openUnlinked()
  const { providers, unlinkedProviders } = await ada.me.exportAccount({})
  expect(providers).toEqual([])
  const unlinkedAt = stage.clock.now().toISOString()
  expect(unlinkedProviders).toEqual([
    { issuer: stage.providers.first.issuer, subject: person.sub, unlinkedAt },
  ])
})
