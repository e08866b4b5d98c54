import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous, type Actor, scopesOfKind } from '@comptoir/contracts/access'
import { userRegistered, userSignedIn, userUpdated } from '@comptoir/contracts/identity/events'
import type { Session } from '@comptoir/contracts/identity/model'
import { identity } from '@comptoir/contracts/identity/procedures'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { app } from '../src/app.ts'
import { sessionsArea } from '../src/areas/sessions.ts'
import { Config } from '../src/config.ts'

const admin = { email: 'admin@example.org', password: 'the first administrator' }
const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  KEY_ENCRYPTION_SECRET: 'a secret of the operator, of 32 characters and more',
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
})
const password = 'correct horse battery'
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals({
  register: identity.register,
  login: identity.login,
  refresh: identity.refresh,
})
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const newEmail = () => `ada.${crypto.randomUUID()}@example.org`
const registration = (email = newEmail()) => ({ email, password, name: 'Ada' })
const register = (email?: string, actor: Actor = anonymous) => service.as(actor).register(registration(email))
const login = (email: string, given = password, actor: Actor = anonymous) =>
  service.as(actor).login({ email, password: given })
const refresh = (session: Session) => service.as(anonymous).refresh({ refreshToken: session.refreshToken })
const actorOf = ({ kind, subject: id, accessToken }: Session): Actor => {
  const { sid: session } = decodeJwt<{ sid: string }>(accessToken)
  return { kind, id, scopes: [...scopesOfKind[kind]], session }
}

test('text that PostgreSQL cannot hold is refused like any other fault of the input', async () => {
  const given = { ...registration(), name: 'Ada \uD800' }
  await expect(service.as(anonymous).register(given)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

describe('access tokens', () => {
  test('verify against the published keys and say who, what kind and which rights', async () => {
    const session = await service.as(anonymous).createGuest({})
    const keys = createLocalJWKSet(await service.as(anonymous).listKeys({}))
    const { payload, protectedHeader } = await jwtVerify(session.accessToken, keys, {
      issuer: 'comptoir',
      audience: 'comptoir',
      typ: 'at+jwt',
      currentDate: clock.now(),
    })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toMatchObject({ sub: session.subject, kind: 'guest', scopes: [] })
    expect(session.accessTokenExpiresAt).toBe(new Date(clock.now().getTime() + 900_000).toISOString())
  })

  test('are signed by a key whose private half is not readable in the database', async () => {
    const rows = await service.sql`select private_key from signing_keys`
    expect(rows).toHaveLength(1)
    expect(rows[0]?.['private_key']).toStartWith('aes-256-gcm.v1.')
  })
})

describe('a guest', () => {
  test('has a session that can be refreshed, and nobody is told', async () => {
    const first = await service.as(anonymous).createGuest({})
    const second = await refresh(first)
    expect(second).toMatchObject({ kind: 'guest', subject: first.subject })
    const told = await service.sql`select 1 from outbox where aggregate_id = ${first.subject}`
    expect(told).toHaveLength(0)
  })

  test('has no profile', async () => {
    await expectRefusal(service.as(guestActor()).getMe({}), 'getMe', 'FORBIDDEN')
  })
})

describe('registering', () => {
  test('opens an account, signs in and tells both, with the guest who became somebody', async () => {
    const guest = guestActor()
    const email = newEmail()
    const session = await register(email, guest)
    expect(session.kind).toBe('customer')
    expect(await service.as(actorOf(session)).getMe({})).toMatchObject({
      email,
      name: 'Ada',
      role: 'customer',
    })

    const registered = await service.probe.next(
      userRegistered,
      ({ aggregateId }) => aggregateId === session.subject,
    )
    expect(registered.data).toMatchObject({ email, name: 'Ada', phone: null, locale: 'en' })
    const signedIn = await service.probe.next(
      userSignedIn,
      ({ aggregateId }) => aggregateId === session.subject,
    )
    expect(signedIn.data.guestId).toBe(guest.id)
    expect([registered.version, signedIn.version]).toEqual([1, 2])
  })

  test('refuses an address that is taken, however it is written', async () => {
    const email = newEmail()
    await register(email)
    await expectRefusal(register(email.toUpperCase()), 'register', 'EMAIL_TAKEN')
  })

  test('of one address many times at once opens one account', async () => {
    const email = newEmail()
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => register(email)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })

  test('keeps no password and no token that could be used', async () => {
    const session = await register()
    const rows = await service.sql`
      select (select json_agg(u) from users u)::text || (select json_agg(t) from refresh_tokens t)::text ||
             coalesce((select json_agg(o) from outbox o)::text, '') as everything`
    expect(rows[0]?.['everything']).not.toContain(password)
    expect(rows[0]?.['everything']).not.toContain(session.refreshToken)
    expect(rows[0]?.['everything']).not.toContain(session.accessToken)
  })
})

describe('signing in', () => {
  test('works with the address in any case and tells which guest it was', async () => {
    const email = newEmail()
    const { subject } = await register(email)
    const guest = guestActor()
    const session = await login(email.toUpperCase(), password, guest)
    expect(session).toMatchObject({ kind: 'customer', subject })
    const signedIn = await service.probe.next(userSignedIn, ({ data }) => data.guestId === guest.id)
    expect(signedIn).toMatchObject({ aggregateId: subject, version: 3 })
  })

  test('does not tell an unknown address from a wrong password, neither by its answer nor by its time', async () => {
    const email = newEmail()
    await register(email)
    const times: { wrong: number[]; unknown: number[] } = { wrong: [], unknown: [] }
    const refused = async (kind: 'wrong' | 'unknown') => {
      const start = performance.now()
      const address = kind === 'wrong' ? email : newEmail()
      const error = await expectRefusal(login(address, 'wrong password'), 'login', 'CREDENTIALS_INVALID')
      times[kind].push(performance.now() - start)
      return { status: error.status, message: error.message, data: error.data, fields: error.fields }
    }
    for (let round = 0; round < 7; round += 1)
      expect(await refused('unknown')).toEqual(await refused('wrong'))
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[3] ?? 0
    // Without the work on a dummy hash an unknown address would answer several times as fast.
    expect(median(times.unknown)).toBeGreaterThan(median(times.wrong) * 0.6)
  })

  test('lets ten tries through, however many come at once, and says when to come back', async () => {
    const email = newEmail()
    await register(email)
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => login(email, 'wrong password')))
    const codes = tries.map((tried) => (tried.status === 'rejected' ? tried.reason.code : 'in'))
    expect(codes.filter((code) => code === 'CREDENTIALS_INVALID')).toHaveLength(10)
    expect(codes.filter((code) => code === 'LOGIN_THROTTLED')).toHaveLength(20)

    clock.advance(5 * 60_000)
    const error = await expectRefusal(login(email), 'login', 'LOGIN_THROTTLED')
    expect(error.retryAfterSeconds).toBe(600)
    clock.advance(10 * 60_000)
    expect((await login(email)).kind).toBe('customer')
  })

  test('throttles an address that nobody has in the same way', async () => {
    const email = newEmail()
    for (let tried = 0; tried < 10; tried += 1) {
      await expectRefusal(login(email), 'login', 'CREDENTIALS_INVALID')
    }
    await expectRefusal(login(email), 'login', 'LOGIN_THROTTLED')
  })

  test('forgets the failures once it succeeds', async () => {
    const email = newEmail()
    await register(email)
    for (let round = 0; round < 2; round += 1) {
      for (let tried = 0; tried < 9; tried += 1) {
        await expectRefusal(login(email, 'wrong password'), 'login', 'CREDENTIALS_INVALID')
      }
      expect((await login(email)).kind).toBe('customer')
    }
  })
})

describe('a refresh token', () => {
  test('works once and gives the next', async () => {
    const first = await register()
    const second = await refresh(first)
    expect(second).toMatchObject({ kind: 'customer', subject: first.subject })
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect((await refresh(second)).subject).toBe(first.subject)
  })

  test('shown a second time ends its whole family and no other', async () => {
    const email = newEmail()
    const first = await register(email)
    const elsewhere = await login(email)
    const second = await refresh(first)
    await expectRefusal(refresh(first), 'refresh', 'REFRESH_TOKEN_INVALID')
    await expectRefusal(refresh(second), 'refresh', 'REFRESH_TOKEN_INVALID')
    expect((await refresh(elsewhere)).kind).toBe('customer')
  })

  test('shown twice at once is exchanged at most once, and then the family is over', async () => {
    const first = await register()
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => refresh(first)))
    const [winner, ...others] = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    )
    expect(others).toHaveLength(0)
    if (winner !== undefined) await expectRefusal(refresh(winner), 'refresh', 'REFRESH_TOKEN_INVALID')
  })

  test('lives thirty days', async () => {
    const session = await register()
    clock.advance(30 * 24 * 60 * 60_000)
    await expectRefusal(refresh(session), 'refresh', 'REFRESH_TOKEN_INVALID')
  })

  test('gives the role its holder has now', async () => {
    const session = await register()
    await service.sql`update users set role = 'staff' where id = ${session.subject}`
    expect((await refresh(session)).kind).toBe('staff')
  })

  test('that nobody gave out is refused', async () => {
    const call = service.as(anonymous).refresh({ refreshToken: 'rt_made-up' })
    await expectRefusal(call, 'refresh', 'REFRESH_TOKEN_INVALID')
  })
})

describe('signing out', () => {
  test('ends the family of the token', async () => {
    const first = await register()
    const second = await refresh(first)
    expect(await service.as(anonymous).logout({ refreshToken: second.refreshToken })).toBeNull()
    await expectRefusal(refresh(second), 'refresh', 'REFRESH_TOKEN_INVALID')
  })

  test('answers the same for a token that nobody gave out', async () => {
    expect(await service.as(anonymous).logout({ refreshToken: 'rt_made-up' })).toBeNull()
  })
})

describe('the profile', () => {
  test('changes, goes one version on and is told', async () => {
    const session = await register()
    const me = service.as(actorOf(session))
    const changed = await me.updateMe({ name: 'Ada L.', phone: '+447700900123', locale: 'fr' })
    expect(changed).toMatchObject({ name: 'Ada L.', phone: '+447700900123', locale: 'fr', version: 3 })
    expect(await me.getMe({})).toEqual(changed)
    const updated = await service.probe.next(
      userUpdated,
      ({ aggregateId }) => aggregateId === session.subject,
    )
    expect(updated).toMatchObject({ version: 3, data: { name: 'Ada L.', locale: 'fr' } })
  })

  test('stays at its version when nothing changes, and changes only in the version that was read', async () => {
    const me = service.as(actorOf(await register()))
    expect((await me.updateMe({ name: 'Ada' })).version).toBe(2)
    await expectRefusal(me.updateMe({ name: 'Ada L.', version: 1 }), 'updateMe', 'PRECONDITION_FAILED')
    expect(await me.updateMe({ name: 'Ada L.', version: 2 })).toMatchObject({ version: 3 })
  })

  test('of somebody who is not there any more needs a new credential', async () => {
    await expectRefusal(service.as(customerActor()).getMe({}), 'getMe', 'UNAUTHENTICATED')
    await expectRefusal(service.as(customerActor()).updateMe({ name: 'X' }), 'updateMe', 'UNAUTHENTICATED')
  })
})

test('the first administrator can sign in and has every right', async () => {
  expect((await login(admin.email, admin.password)).kind).toBe('admin')
})

/** The other areas, the second factor and passwords have files of their own. */
const isOfHere = (refusal: string) =>
  (refusal.split(':')[0] ?? '') in sessionsArea && !/SECOND_FACTOR|PASSWORD_/.test(refusal)

test('every error that the contract declares was seen above', () => {
  expect(unseen().filter(isOfHere)).toEqual([])
})
