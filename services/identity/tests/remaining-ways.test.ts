// What lets somebody in, or acts for them, though every session has ended: the owner learns of it, or it ends as well.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { anonymous } from '@comptoir/contracts/access'
import {
  passwordChanged,
  passwordResetRequested,
  providerLinked,
  signedOutEverywhere,
} from '@comptoir/contracts/identity/events'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { type Browser, newPerson, openProviderStage, password, type ProviderStage } from './provider-stage.ts'

const next = 'a wholly different one'
let stage: ProviderStage
beforeAll(async () => {
  stage = await openProviderStage()
})
afterAll(() => stage?.stop())

type Somebody = Browser & { readonly email: string }
const isOf =
  ({ actor }: Browser) =>
  ({ data }: { data: { userId: string } }) =>
    data.userId === actor.id

/** Somebody who may make keys, and has made some of each kind: two work, and two are over. */
const openMaker = async (email?: string) => {
  const maker = await stage.register(email)
  const me = stage.service.as({ ...maker.actor, scopes: ['clients:write', 'orders:read'] })
  const scopes = ['orders:read' as const]
  const key = await me.createApiKey({ name: 'Warehouse', scopes })
  const revoked = await me.createApiKey({ name: 'Till', scopes })
  await me.revokeApiKey({ keyId: revoked.id })
  const expiresAt = new Date(stage.clock.now().getTime() + 1_000).toISOString()
  await me.createApiKey({ name: 'Fair', scopes, expiresAt })
  stage.clock.advance(1_000)
  const client = await me.createApiClient({
    name: 'Ledger',
    type: 'confidential',
    actsForItself: true,
    scopes,
  })
  return { ...maker, key, client }
}
type Maker = Awaited<ReturnType<typeof openMaker>>
const verify = ({ actor }: Browser) =>
  stage.service.sql`update users set email_verified_at = now() where id = ${actor.id}`
const resetPassword = async (somebody: Somebody) => {
  await stage.service.as(anonymous).requestPasswordReset({ email: somebody.email })
  const { data } = await stage.service.probe.next(passwordResetRequested, isOf(somebody))
  const asked = { letterId: data.letterId, purpose: 'password-reset' as const }
  const { token } = await stage.service.as(serviceActor('notifications')).issueLetterToken(asked)
  await stage.service.as(anonymous).resetPassword({ token: token ?? 'none', password: next })
}
const isWorking = async ({ key, client: grantee }: Maker) => {
  const keyHash = createHash('sha256').update(key.key).digest('hex')
  const client = await stage
    .edge()
    .grantToClient({ client: { clientId: grantee.id, secret: grantee.secret }, scopes: null })
    .then(
      () => true,
      () => false,
    )
  return { key: (await stage.edge().resolveApiKey({ keyHash })) !== null, client }
}
const lettersTo = ({ actor }: Browser) => stage.service.sql`
  select 1 from outbox where subject = ${signedOutEverywhere.subject} and aggregate_id = ${actor.id}`
const changePassword = ({ me }: Browser) => me.changePassword({ currentPassword: password, password: next })

describe('whoever changes the password is told', () => {
  test('which accounts at providers still let in, by the names under which they were linked', async () => {
    const ada = await stage.register()
    await stage.link(ada, newPerson())
    await stage.service.sql`
      insert into external_identities (id, issuer, subject, user_id, linked_at)
      values (${crypto.randomUUID()}, 'https://gone.example', ${ada.actor.id}, ${ada.actor.id}, now())`
    await changePassword(ada)
    const linked = await stage.service.probe.next(providerLinked, isOf(ada))
    const told = await stage.service.probe.next(passwordChanged, isOf(ada))
    // By the one that the shop does not offer any more nobody gets in.
    expect(told.data).toMatchObject({ providers: [linked.data.provider], machines: [] })
  })

  test('which keys and clients of theirs still work, and those work on', async () => {
    const maker = await openMaker()
    await changePassword(maker)
    const told = await stage.service.probe.next(passwordChanged, isOf(maker))
    expect(told.data).toMatchObject({ providers: [], machines: ['Warehouse', 'Ledger'] })
    expect(JSON.stringify(told.data)).not.toContain(maker.key.key)
    expect(await isWorking(maker)).toEqual({ key: true, client: true })
  })
})

describe('whoever signs out everywhere', () => {
  test('is told what still lets in', async () => {
    const maker = await openMaker()
    await stage.link(maker, newPerson(), 'second')
    await maker.me.logoutEverywhere({})
    const told = await stage.service.probe.next(signedOutEverywhere, isOf(maker))
    expect(told.data).toMatchObject({
      email: maker.email,
      providers: ['second'],
      machines: ['Warehouse', 'Ledger'],
    })
  })

  test('gets one letter, however often the session that is over asks again', async () => {
    const ada = await stage.register()
    await stage.link(ada, newPerson())
    for (let nth = 0; nth < 3; nth += 1) await ada.me.logoutEverywhere({})
    expect(await lettersTo(ada)).toHaveLength(1)
  })

  test('gets no letter where nothing does', async () => {
    const ada = await stage.register()
    await ada.me.logoutEverywhere({})
    expect(await lettersTo(ada)).toHaveLength(0)
  })
})

describe('a password by letter', () => {
  test('leaves the keys of a shop working whose maker is known by the address, and tells of them', async () => {
    const maker = await openMaker()
    await verify(maker)
    await stage.link(maker, newPerson())
    await resetPassword(maker)
    const told = await stage.service.probe.next(passwordChanged, isOf(maker))
    expect(told.data).toMatchObject({ providers: [], machines: ['Warehouse', 'Ledger'] })
    expect(await isWorking(maker)).toEqual({ key: true, client: true })
  })

  test('ends those of whoever had an account before its address was shown to be anybody’s', async () => {
    const squatter = await openMaker()
    await resetPassword(squatter)
    const told = await stage.service.probe.next(passwordChanged, isOf(squatter))
    expect(told.data).toMatchObject({ machines: [] })
    await expectEnded(squatter)
  })
})

test('the owner who comes by a provider ends the keys and clients of whoever opened the account with their address', async () => {
  const owner = newPerson()
  const squatter = await openMaker(owner.email)
  expect((await stage.signIn(owner)).actor.id).toBe(squatter.actor.id)
  await expectEnded(squatter)
})

/** That neither works any more, that the edge is told, and that it is written down. */
const expectEnded = async (maker: Maker) => {
  expect(await isWorking(maker)).toEqual({ key: false, client: false })
  for (const [id, action] of [
    [maker.key.id, 'key.revoked'],
    [maker.client.id, 'client.revoked'],
  ] as const) {
    expect(await stage.service.sql`select 1 from revocations where subject = ${id}`).toHaveLength(1)
    const entries = await stage.service.sql`
      select action, facts from audit_entries where target = ${id} order by sequence desc limit 1`
    expect([...entries]).toEqual([{ action, facts: { by: 'reclaim' } }])
  }
}
