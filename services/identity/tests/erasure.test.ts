import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Actor, anonymous } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import { erasureProcedures } from '@comptoir/contracts/identity/erasure'
import { passwordChanged } from '@comptoir/contracts/identity/events'
import type { Session } from '@comptoir/contracts/identity/model'
import { UserId } from '@comptoir/contracts/ids'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { sweep } from '../src/workers/sweep.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const password = 'correct horse battery'
const { expectRefusal, unseen } = refusals({ ...erasureProcedures })
const starting = startTestService(app(config))
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const nobody = () => service.as(anonymous)
const actorOf = ({ accessToken }: Session): Actor => {
  const { kind, sub, scopes, sid, auth_time } = decodeJwt(accessToken)
  return Actor.parse({ kind, id: sub, scopes, session: sid, provedAt: auth_time })
}

const open = async () => {
  const name = `Zenobia-${crypto.randomUUID()}`
  const email = `${name.toLowerCase()}@example.org`
  const session = await nobody().register({ email, password, name, phone: '+447700900123' })
  return { name, email, session, as: service.as(actorOf(session)) }
}

/** Rows of all tables that say something of it. */
const mentions = async (canary: string): Promise<string[]> => {
  const tables = await service.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await service.sql`
        select 1 from ${service.sql(name)} as t where t::text ilike ${`%${canary}%`}`
      return rows.length === 0 ? [] : [name]
    }),
  )
  return found.flat()
}

/** A letter about what still lets in: what somebody has called a key may say who they are. */
const tellOf = (userId: UserId, email: string, name: string) =>
  service.context.transaction((tx) => {
    const data = {
      userId,
      email,
      name,
      locale: 'en' as const,
      providers: [name],
      machines: [`${name}’s laptop`],
    }
    return service.context.emit(tx, [occurred(passwordChanged, { aggregateId: userId, version: 3, data })])
  })

test('deleting an account leaves nothing in identity that says who it was', async () => {
  const { name, email, session, as } = await open()
  const id = session.subject
  await as.updateMe({ locale: 'fr' })
  await nobody()
    .login({ email, password: 'a guess' })
    .catch(() => undefined)
  await service.sql`insert into addresses
    (id, user_id, name, line1, city, postal_code, country, is_default, version, created_at, updated_at)
    values (${crypto.randomUUID()}, ${id}, ${name}, '1 High Street', 'York', 'YO1', 'GB', true, 1, now(), now())`
  await service.sql`insert into idempotency_keys
    (principal, procedure, key, fingerprint, operation_id, owner, lease_until, answer, answered_at)
    values (${`customer:${id}`}, 'identity.addAddress', 'k', 'f', ${crypto.randomUUID()}, ${crypto.randomUUID()}, now(),
      ${JSON.stringify({ address: { name } })}::jsonb, now())`
  await service.sql`insert into external_identities (id, issuer, subject, user_id, linked_at)
    values (${crypto.randomUUID()}, 'https://id.example', ${name}, ${id}, now())`
  await service.sql`insert into unlinked_identities values (${id}, 'https://id.example', ${name}, now())`
  await tellOf(UserId.parse(id), email, name)
  expect(await mentions(name)).toEqual(
    expect.arrayContaining(['users', 'addresses', 'unlinked_identities', 'outbox']),
  )
  await as.deleteAccount({})
  // What was told is redacted once it is published.
  while ((await mentions(name)).includes('outbox')) await Bun.sleep(20)
  expect(await mentions(name)).toEqual([])
  expect(await mentions(email)).toEqual([])
  const [told] = await service.sql`select payload from outbox where subject = 'identity.user.erased.v1'
    and aggregate_id = ${id}`
  expect(told?.['payload']).toEqual({ userId: id })
  const [entry] = await service.sql`select actor_id, facts from audit_entries
    where action = 'account.erased' and target = ${id}`
  expect(entry).toEqual({ actor_id: id, facts: {} })
})

test('what a process of an earlier version leaves behind of somebody erased goes with the next sweep', async () => {
  const [{ session: gone, as }, { session: stays }] = [await open(), await open()]
  await as.deleteAccount({})
  for (const { subject } of [gone, stays])
    await service.sql`insert into unlinked_identities values (${subject}, 'https://id.example', ${subject}, now())`
  await sweep.run(service.context, new AbortController().signal)
  const left = await service.sql`select user_id from unlinked_identities`
  expect([...left]).toEqual([{ user_id: stays.subject }])
})

test('it is nobody any more: no sign-in, no session, no profile, and no second deletion', async () => {
  const { email, session, as } = await open()
  await as.deleteAccount({})
  const refused = async (work: Promise<unknown>) =>
    work.then(
      () => 'allowed',
      (error: { code?: string }) => error.code,
    )
  expect(await refused(nobody().login({ email, password }))).toBe('CREDENTIALS_INVALID')
  expect(await refused(nobody().refresh({ refreshToken: session.refreshToken }))).toBe(
    'REFRESH_TOKEN_INVALID',
  )
  expect(await refused(as.getMe({}))).toBe('UNAUTHENTICATED')
  expect(await refused(as.updateMe({ name: 'Zenobia' }))).toBe('UNAUTHENTICATED')
  expect(await refused(as.deleteAccount({}))).toBe('UNAUTHENTICATED')
})

test('the edge is told that what the account was given is over', async () => {
  const { session, as } = await open()
  await as.deleteAccount({})
  const rows = await service.sql`
    select session_id, rights_version from revocations where subject = ${session.subject} order by id`
  expect([...rows]).toEqual([
    { session_id: actorOf(session).session, rights_version: null },
    { session_id: null, rights_version: 2 },
  ])
})

test('its address opens another account, which has nothing of it', async () => {
  const { email, session, as } = await open()
  await as.deleteAccount({})
  const again = await nobody().register({ email, password, name: 'Ada' })
  expect(again.subject).not.toBe(session.subject)
})

test('an account that holds rights stays until somebody has taken them away', async () => {
  const { session } = await open()
  for (const role of ['staff', 'admin']) {
    await service.sql`update users set role = ${role} where id = ${session.subject}`
    await expectRefusal(service.as(actorOf(session)).deleteAccount({}), 'deleteAccount', 'RIGHTS_HELD')
  }
  expect(
    await service.sql`select 1 from users where id = ${session.subject} and erased_at is null`,
  ).toHaveLength(1)
})

test('every error that it declares was seen', () => {
  expect(unseen()).toEqual([])
})
