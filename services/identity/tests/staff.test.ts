import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Actor, anonymous, type Scope, scopesOfKind } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { staffProcedures } from '@comptoir/contracts/identity/staff'
import { UserId } from '@comptoir/contracts/ids'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'

const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  STAFF_SECOND_FACTOR: 'optional',
})
const password = 'correct horse battery'
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals(staffProcedures)
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

/** Somebody of staff who holds these rights and has just proved who they are. */
const holding = (scopes: readonly Scope[]) =>
  service.as({
    kind: 'staff',
    id: crypto.randomUUID(),
    scopes: [...scopes],
    provedAt: clock.now().getTime() / 1_000,
  } satisfies Actor)
const chief = () => holding(scopesOfKind.admin)
const clerk = () => holding(['users:write', 'orders:read'])

const open = async (role = 'customer') => {
  const email = `ada.${crypto.randomUUID()}@example.org`
  const session = await service.as(anonymous).register({ email, password, name: `Ada ${email}` })
  const userId = UserId.parse(session.subject)
  if (role !== 'customer') await service.sql`update users set role = ${role} where id = ${userId}`
  return { email, session, userId }
}
const login = (email: string) => service.as(anonymous).login({ email, password })
const refresh = ({ refreshToken }: Session) => service.as(anonymous).refresh({ refreshToken })
const claimsOf = ({ accessToken }: Session) => decodeJwt<{ scopes: string[]; rights: number }>(accessToken)
const newRole = () => `desk-${crypto.randomUUID().slice(0, 8)}`
const nobody = UserId.parse('01900000-0000-7000-8000-000000000000')

/** What the edge is told of a subject: tokens for rights of an older version are over. */
const leastRights = async (subject: string): Promise<number> => {
  const rows = await service.sql`
    select coalesce(max(rights_version), 0) as least from revocations where subject = ${subject}`
  return Number(rows[0]?.['least'])
}
const audited = async (target: string): Promise<unknown[]> => {
  const rows = await service.sql`select action from audit_entries where target = ${target} order by sequence`
  return rows.map((row) => row['action'])
}

describe('a role of the shop’s own', () => {
  test('gives its holders its rights, also those it comes to have later, and ends what they had', async () => {
    const { email, userId } = await open()
    const role = newRole()
    expect(await chief().saveRole({ role, scopes: ['orders:read', 'catalog:write', 'orders:read'] })).toEqual(
      {
        name: role,
        scopes: ['catalog:write', 'orders:read'],
        standard: false,
        version: 1,
      },
    )
    expect(await chief().setUserRole({ userId, role })).toMatchObject({ id: userId, role, version: 3 })
    const session = await login(email)
    expect(session.kind).toBe('staff')
    expect(claimsOf(session)).toMatchObject({ scopes: ['catalog:write', 'orders:read'] })
    await chief().saveRole({ role, scopes: ['orders:read'] })
    expect(await leastRights(userId)).toBe(claimsOf(session).rights + 1)
    expect(claimsOf(await refresh(session))).toMatchObject({
      scopes: ['orders:read'],
      rights: await leastRights(userId),
    })
    expect(await audited(role)).toEqual(['role.saved', 'role.saved'])
  })

  test('is listed beside those that every shop has, which nobody changes', async () => {
    const role = newRole()
    await chief().saveRole({ role, scopes: [] })
    const { items } = await chief().listRoles({})
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['customer', 'staff', 'admin', role]),
    )
    const change = chief().saveRole({ role: 'staff', scopes: [] })
    await expectRefusal(change, 'saveRole', 'ROLE_STANDARD')
    await expectRefusal(chief().removeRole({ role: 'admin' }), 'removeRole', 'ROLE_STANDARD')
  })

  test('is not removed while somebody holds it', async () => {
    const { userId } = await open()
    const role = newRole()
    await chief().saveRole({ role, scopes: [] })
    await chief().setUserRole({ userId, role })
    await expectRefusal(chief().removeRole({ role }), 'removeRole', 'ROLE_HELD')
    await chief().setUserRole({ userId, role: 'customer' })
    expect(await chief().removeRole({ role })).toBeNull()
    await expectRefusal(chief().removeRole({ role }), 'removeRole', 'ROLE_NOT_FOUND')
  })

  test('is changed only in the version that was read', async () => {
    const role = newRole()
    await chief().saveRole({ role, scopes: [], version: 0 })
    const stale = chief().saveRole({ role, scopes: ['orders:read'], version: 0 })
    await expectRefusal(stale, 'saveRole', 'PRECONDITION_FAILED')
    expect(await chief().saveRole({ role, scopes: ['orders:read'], version: 1 })).toMatchObject({
      version: 2,
    })
  })

  test('is one of a hundred at most', async () => {
    await service.sql`
      insert into roles (name, scopes, version, created_at, updated_at)
      select 'filler-' || n, '{}', 1, now(), now() from generate_series(1, 100) n`
    await expectRefusal(chief().saveRole({ role: newRole(), scopes: [] }), 'saveRole', 'ROLES_FULL')
    await service.sql`delete from roles where name like 'filler-%'`
  })
})

describe('nobody gives or takes a right that they do not hold', () => {
  test('neither by a role', async () => {
    const own = newRole()
    expect(await clerk().saveRole({ role: own, scopes: ['orders:read'] })).toMatchObject({ version: 1 })
    const more = clerk().saveRole({ role: own, scopes: ['orders:read', 'payments:refund'] })
    await expectRefusal(more, 'saveRole', 'SCOPES_NOT_HELD')
    const role = newRole()
    await chief().saveRole({ role, scopes: ['payments:refund'] })
    await expectRefusal(clerk().saveRole({ role, scopes: [] }), 'saveRole', 'SCOPES_NOT_HELD')
  })

  test('nor to somebody, nor by locking out who may more', async () => {
    const { userId } = await open()
    const rise = clerk().setUserRole({ userId, role: 'staff' })
    await expectRefusal(rise, 'setUserRole', 'SCOPES_NOT_HELD')
    const boss = await open('admin')
    const fall = clerk().setUserRole({ userId: boss.userId, role: 'customer' })
    await expectRefusal(fall, 'setUserRole', 'SCOPES_NOT_HELD')
    await expectRefusal(clerk().disableUser({ userId: boss.userId }), 'disableUser', 'SCOPES_NOT_HELD')
    await expectRefusal(clerk().enableUser({ userId: boss.userId }), 'enableUser', 'SCOPES_NOT_HELD')
    expect(await clerk().disableUser({ userId })).toMatchObject({ id: userId })
  })

  test('and a role is given by who has just proved who they are', async () => {
    const { userId } = await open()
    const idle = service.as({ kind: 'admin', id: crypto.randomUUID(), scopes: [...scopesOfKind.admin] })
    await expectRefusal(
      idle.setUserRole({ userId, role: 'staff' }),
      'setUserRole',
      'REAUTHENTICATION_REQUIRED',
    )
  })
})

describe('the last administrator who can sign in', () => {
  /** Nobody else is one; `also` is disabled. */
  const onlyAdmins = async (count: number) => {
    await service.sql`update users set role = 'customer' where role = 'admin'`
    const also = await open('admin')
    await service.sql`update users set disabled_at = now() where id = ${also.userId}`
    return Promise.all(Array.from({ length: count }, () => open('admin')))
  }

  test('is neither given another role nor disabled', async () => {
    const [admin] = await onlyAdmins(1)
    if (admin === undefined) throw new Error('unreachable')
    const { userId } = admin
    await expectRefusal(chief().setUserRole({ userId, role: 'staff' }), 'setUserRole', 'LAST_ADMIN')
    await expectRefusal(chief().disableUser({ userId }), 'disableUser', 'LAST_ADMIN')
    const next = await open()
    await chief().setUserRole({ userId: next.userId, role: 'admin' })
    expect(await chief().setUserRole({ userId, role: 'staff' })).toMatchObject({ role: 'staff' })
  })

  test('is left also where all are sent away at once', async () => {
    const admins = await onlyAdmins(4)
    const calls = admins.map(({ userId }, nth) =>
      nth % 2 === 0 ? chief().disableUser({ userId }) : chief().setUserRole({ userId, role: 'customer' }),
    )
    const results = await Promise.allSettled(calls)
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(refused).toEqual(['LAST_ADMIN'])
    const left = await service.sql`select 1 from users where role = 'admin' and disabled_at is null`
    expect(left).toHaveLength(1)
  })
})

describe('somebody who is disabled', () => {
  test('cannot sign in or refresh, has their tokens ended at the edge, and comes back with a new sign-in', async () => {
    const { email, session, userId } = await open()
    const account = await chief().disableUser({ userId })
    expect(account.disabledAt).toBe(clock.now().toISOString())
    expect(await chief().disableUser({ userId })).toEqual(account)
    expect(await leastRights(userId)).toBe(claimsOf(session).rights + 1)
    await expect(login(email)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' })
    await expect(refresh(session)).rejects.toMatchObject({ code: 'REFRESH_TOKEN_INVALID' })
    expect(await chief().enableUser({ userId })).toMatchObject({ disabledAt: null })
    expect((await chief().enableUser({ userId })).disabledAt).toBeNull()
    await expect(refresh(session)).rejects.toMatchObject({ code: 'REFRESH_TOKEN_INVALID' })
    expect(claimsOf(await login(email)).rights).toBe(await leastRights(userId))
    expect(await audited(userId)).toEqual([
      'account.registered',
      'account.disabled',
      'account.enabled',
      'session.opened',
    ])
  })

  test('has no session that outlives it, though a token was given out at that very moment', async () => {
    const { session, userId } = await open()
    await chief().disableUser({ userId })
    await chief().enableUser({ userId })
    await service.sql`update refresh_tokens set revoked_at = null where subject_id = ${userId}`
    await expect(refresh(session)).rejects.toMatchObject({ code: 'REFRESH_TOKEN_INVALID' })
  })
})

describe('accounts', () => {
  test('are found by a part of name or address and by role, in pages', async () => {
    const role = newRole()
    const people = [await open(role), await open(role), await open(role)]
    clock.advance(1_000)
    people.push(await open(role))
    const first = await chief().listUsers({ role, limit: 3 })
    const rest = await chief().listUsers({ role, limit: 3, cursor: first.nextCursor ?? '' })
    const ids = [...first.items, ...rest.items].map(({ id }) => id)
    expect(ids[0]).toBe(people[3]?.userId)
    expect(ids.toSorted()).toEqual(people.map(({ userId }) => userId).toSorted())
    expect(rest.nextCursor).toBeNull()
    const [person] = people
    const part = person?.email.slice(2, 30).toUpperCase() ?? ''
    expect((await chief().listUsers({ q: part })).items).toMatchObject([
      { id: person?.userId, secondFactor: false },
    ])
    expect((await chief().listUsers({ q: '%' })).items).toEqual([])
  })

  test('are read on from a cursor of this list only', async () => {
    await expectRefusal(chief().listUsers({ cursor: 'bm9uc2Vuc2U' }), 'listUsers', 'CURSOR_INVALID')
  })

  test('that there are not cannot be changed, nor given a role that there is not', async () => {
    const { userId } = await open()
    const none = chief().setUserRole({ userId, role: newRole() })
    await expectRefusal(none, 'setUserRole', 'ROLE_NOT_FOUND')
    const missing = chief().setUserRole({ userId: nobody, role: 'staff' })
    await expectRefusal(missing, 'setUserRole', 'USER_NOT_FOUND')
    await expectRefusal(chief().disableUser({ userId: nobody }), 'disableUser', 'USER_NOT_FOUND')
    await expectRefusal(chief().enableUser({ userId: nobody }), 'enableUser', 'USER_NOT_FOUND')
  })
})

test('every error that the contracts declare was seen above', () => {
  expect(unseen()).toEqual([])
})
