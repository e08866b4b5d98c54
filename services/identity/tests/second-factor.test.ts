import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Actor, anonymous, scopesOfKind } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { identity } from '@comptoir/contracts/identity/procedures'
import { secondFactorProcedures } from '@comptoir/contracts/identity/second-factor'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'

const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  KEY_ENCRYPTION_SECRET: 'a secret of the operator, of 32 characters and more',
})
const password = 'correct horse battery'
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals({ ...secondFactorProcedures, login: identity.login })
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

/** The actor that the edge makes of a session's token. */
const actorOf = ({ accessToken }: Session): Actor => {
  const { kind, sub, scopes, sid, auth_time } = decodeJwt(accessToken)
  return Actor.parse({ kind, id: sub, scopes, session: sid, provedAt: auth_time })
}
const as = (session: Session) => service.as(actorOf(session))
const login = (email: string, code?: string, given = password) =>
  service.as(anonymous).login({ email, password: given, ...(code === undefined ? {} : { code }) })
const refresh = ({ refreshToken }: Session) => service.as(anonymous).refresh({ refreshToken })

const open = async (role = 'customer') => {
  const email = `ada.${crypto.randomUUID()}@example.org`
  const { subject } = await service.as(anonymous).register({ email, password, name: 'Ada' })
  await service.sql`update users set role = ${role} where id = ${subject}`
  return { email, session: await login(email) }
}

/** The code of now; the clock moves on first, because a code that was shown is over. */
const nextCode = (secret: string): string => {
  clock.advance(30_000)
  return codeOfStep(fromBase32(secret), Math.floor(clock.now().getTime() / 30_000))
}
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

const enrol = async (session: Session) => {
  const { secret } = await as(session).enrolSecondFactor({})
  const { recoveryCodes } = await as(session).confirmSecondFactor({ code: nextCode(secret) })
  return { secret, recoveryCodes }
}
const openWithFactor = async (role?: string) => {
  const { email, session } = await open(role)
  return { email, session, ...(await enrol(session)) }
}

describe('enrolling', () => {
  test('counts once a code was shown, and then the account asks for one after the right password', async () => {
    const { email, session } = await open()
    const { secret, uri } = await as(session).enrolSecondFactor({})
    expect(new URL(uri).searchParams.get('secret')).toBe(secret)
    expect(await as(session).getSecondFactor({})).toMatchObject({ enrolled: false })
    expect((await login(email)).kind).toBe('customer')
    const { recoveryCodes } = await as(session).confirmSecondFactor({ code: nextCode(secret) })
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(await as(session).getSecondFactor({})).toEqual({
      enrolled: true,
      required: false,
      recoveryCodesLeft: 10,
    })
    await expectRefusal(login(email, undefined, 'wrong password'), 'login', 'CREDENTIALS_INVALID')
    await expectRefusal(login(email), 'login', 'SECOND_FACTOR_REQUIRED')
    await expectRefusal(login(email, wrong(nextCode(secret))), 'login', 'SECOND_FACTOR_INVALID')
    expect((await login(email, nextCode(secret))).kind).toBe('customer')
  })

  test('keeps neither the secret nor a recovery code readable', async () => {
    const { secret, recoveryCodes } = await openWithFactor()
    const rows = await service.sql`
      select (select json_agg(t) from totp_factors t)::text || (select json_agg(r) from recovery_codes r)::text ||
             (select json_agg(a) from audit_entries a)::text as everything`
    const everything = String(rows[0]?.['everything'])
    for (const kept of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(everything).not.toContain(kept)
  })

  test('is refused to somebody who has one, and a code to somebody who has begun none', async () => {
    const { session } = await openWithFactor()
    const me = as(session)
    await expectRefusal(me.enrolSecondFactor({}), 'enrolSecondFactor', 'SECOND_FACTOR_ENROLLED')
    const again = me.confirmSecondFactor({ code: '123456' })
    await expectRefusal(again, 'confirmSecondFactor', 'SECOND_FACTOR_ENROLLED')
    const other = as((await open()).session)
    const none = other.confirmSecondFactor({ code: '123456' })
    await expectRefusal(none, 'confirmSecondFactor', 'SECOND_FACTOR_NOT_ENROLLED')
    const { secret } = await other.enrolSecondFactor({})
    const bad = other.confirmSecondFactor({ code: wrong(nextCode(secret)) })
    await expectRefusal(bad, 'confirmSecondFactor', 'SECOND_FACTOR_INVALID')
  })

  test('needs a fresh proof of who somebody is, and no third party can do it for them', async () => {
    const { session } = await open()
    const third = { ...actorOf(session), via: 'a client', scopes: ['account' as const] }
    await expectRefusal(service.as(third).enrolSecondFactor({}), 'enrolSecondFactor', 'FORBIDDEN')
    await expectRefusal(service.as(third).reauthenticate({ password }), 'reauthenticate', 'FORBIDDEN')
    clock.advance(601_000)
    await expectRefusal(as(session).enrolSecondFactor({}), 'enrolSecondFactor', 'REAUTHENTICATION_REQUIRED')
  })

  test('guesses no code past the limit', async () => {
    const { session } = await open()
    const { secret } = await as(session).enrolSecondFactor({})
    const code = wrong(nextCode(secret))
    const tries = Array.from({ length: 12 }, () => as(session).confirmSecondFactor({ code }))
    expect(await codesOf(tries)).toEqual({ SECOND_FACTOR_INVALID: 10, LOGIN_THROTTLED: 2 })
    const further = as(session).confirmSecondFactor({ code })
    await expectRefusal(further, 'confirmSecondFactor', 'LOGIN_THROTTLED')
  })
})

/** How many calls ended how. */
const codesOf = async (calls: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const result of await Promise.allSettled(calls)) {
    const code = result.status === 'fulfilled' ? 'in' : String(result.reason.code)
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

describe('a code', () => {
  test('works once, also when it is shown three times at once', async () => {
    const { email, secret } = await openWithFactor()
    const code = nextCode(secret)
    const outcome = await codesOf([login(email, code), login(email, code), login(email, code)])
    expect(outcome).toEqual({ in: 1, SECOND_FACTOR_INVALID: 2 })
  })

  test('of two hundred at once with the right password, ten are looked at and the limit stays', async () => {
    const { email, secret } = await openWithFactor()
    await login(email, nextCode(secret))
    const good = nextCode(secret)
    const guesses = Array.from({ length: 200 }, () => login(email, wrong(good)))
    expect(await codesOf(guesses)).toEqual({ SECOND_FACTOR_INVALID: 10, LOGIN_THROTTLED: 190 })
    await expectRefusal(login(email, good), 'login', 'LOGIN_THROTTLED')
  })

  test('is not guessed the faster for a right password in between', async () => {
    const { email, secret } = await openWithFactor()
    await login(email, nextCode(secret))
    for (let round = 0; round < 5; round += 1) {
      await expectRefusal(login(email), 'login', 'SECOND_FACTOR_REQUIRED')
      await expectRefusal(login(email, wrong(nextCode(secret))), 'login', 'SECOND_FACTOR_INVALID')
    }
    await expectRefusal(login(email, nextCode(secret)), 'login', 'LOGIN_THROTTLED')
  })
})

describe('a recovery code', () => {
  test('stands in for the authenticator once, however it is spaced', async () => {
    const { email, session, recoveryCodes } = await openWithFactor()
    const [first = '', second = ''] = recoveryCodes
    expect((await login(email, first)).kind).toBe('customer')
    await expectRefusal(login(email, first), 'login', 'SECOND_FACTOR_INVALID')
    expect((await login(email, second.replaceAll('-', ' ').toUpperCase())).kind).toBe('customer')
    expect(await as(session).getSecondFactor({})).toMatchObject({ recoveryCodesLeft: 8 })
  })

  test('of another person, or from before they were renewed, is none', async () => {
    const { email, session, recoveryCodes, secret } = await openWithFactor()
    const other = await openWithFactor()
    await expectRefusal(login(email, other.recoveryCodes[0]), 'login', 'SECOND_FACTOR_INVALID')
    const proved = await as(session).reauthenticate({ password, code: nextCode(secret) })
    const renewed = await as(proved).renewRecoveryCodes({})
    await expectRefusal(login(email, recoveryCodes[0]), 'login', 'SECOND_FACTOR_INVALID')
    expect((await login(email, renewed.recoveryCodes[0])).kind).toBe('customer')
  })

  test('is given to nobody without a second factor', async () => {
    const { session } = await open()
    const call = as(session).renewRecoveryCodes({})
    await expectRefusal(call, 'renewRecoveryCodes', 'SECOND_FACTOR_NOT_ENROLLED')
  })
})

describe('proving again who one is', () => {
  test('makes the proof fresh, and the refresh token from before is over without ending the session', async () => {
    const { session } = await open()
    clock.advance(601_000)
    const proved = await as(session).reauthenticate({ password })
    expect(actorOf(proved)).toMatchObject({ session: actorOf(session).session ?? '' })
    expect(actorOf(proved).provedAt).toBe(clock.now().getTime() / 1_000)
    await expectRefusal(refresh(session), 'refresh', 'REFRESH_TOKEN_INVALID')
    expect(actorOf(await refresh(proved)).provedAt).toBe(clock.now().getTime() / 1_000)
    await as(proved).enrolSecondFactor({})
  })

  test('asks for all that the account has', async () => {
    const { session, secret } = await openWithFactor()
    const me = as(session)
    await expectRefusal(
      me.reauthenticate({ code: nextCode(secret) }),
      'reauthenticate',
      'CREDENTIALS_INVALID',
    )
    await expectRefusal(me.reauthenticate({ password }), 'reauthenticate', 'SECOND_FACTOR_REQUIRED')
    const bad = me.reauthenticate({ password, code: wrong(nextCode(secret)) })
    await expectRefusal(bad, 'reauthenticate', 'SECOND_FACTOR_INVALID')
    expect((await me.reauthenticate({ password, code: nextCode(secret) })).kind).toBe('customer')
  })

  test('of somebody who comes in through a provider takes the code, and without one nothing', async () => {
    const { session, secret } = await openWithFactor()
    const bare = await open()
    const ids = [session.subject, bare.session.subject]
    await service.sql`update users set password_hash = null where id = any(${ids}::uuid[])`
    expect((await as(session).reauthenticate({ code: nextCode(secret) })).kind).toBe('customer')
    const call = as(bare.session).reauthenticate({ password })
    await expectRefusal(call, 'reauthenticate', 'CREDENTIALS_INVALID')
  })

  test('does not bring back a session that is over, nor a person who is not there', async () => {
    const { session } = await open()
    await service.as(anonymous).logout({ refreshToken: session.refreshToken })
    await expectRefusal(as(session).reauthenticate({ password }), 'reauthenticate', 'UNAUTHENTICATED')
    const call = service.as(customerActor()).reauthenticate({ password })
    await expectRefusal(call, 'reauthenticate', 'UNAUTHENTICATED')
  })
})

describe('giving it up', () => {
  test('takes a fresh proof and a code, and the account asks for none any more', async () => {
    const { email, session, secret } = await openWithFactor()
    const proved = await as(session).reauthenticate({ password, code: nextCode(secret) })
    const bad = as(proved).removeSecondFactor({ code: wrong(nextCode(secret)) })
    await expectRefusal(bad, 'removeSecondFactor', 'SECOND_FACTOR_INVALID')
    expect(await as(proved).removeSecondFactor({ code: nextCode(secret) })).toBeNull()
    const session2 = await login(email)
    expect(await as(session2).getSecondFactor({})).toMatchObject({ enrolled: false, recoveryCodesLeft: 0 })
    const call = as(session2).removeSecondFactor({ code: nextCode(secret) })
    await expectRefusal(call, 'removeSecondFactor', 'SECOND_FACTOR_NOT_ENROLLED')
    const tries = Array.from({ length: 10 }, () => as(session2).removeSecondFactor({ code: '000000' }))
    await Promise.allSettled(tries)
    const further = as(session2).removeSecondFactor({ code: '000000' })
    await expectRefusal(further, 'removeSecondFactor', 'LOGIN_THROTTLED')
  })
})

describe('staff', () => {
  test.each(['staff', 'admin'] as const)('(%s) have rights only with a second factor', async (role) => {
    const { email, session } = await open(role)
    expect(actorOf(session)).toMatchObject({ kind: role, scopes: [] })
    expect(await as(session).getSecondFactor({})).toMatchObject({ enrolled: false, required: true })
    const { secret } = await enrol(session)
    expect(actorOf(await refresh(session))).toMatchObject({ kind: role, scopes: [] })
    const signedIn = await login(email, nextCode(secret))
    expect(actorOf(signedIn).scopes).toEqual([...scopesOfKind[role]])
    const proved = await as(session).reauthenticate({ password, code: nextCode(secret) })
    expect(actorOf(await refresh(proved)).scopes).toEqual([...scopesOfKind[role]])
    await as(signedIn).removeSecondFactor({ code: nextCode(secret) })
    expect(actorOf(await refresh(signedIn))).toMatchObject({ kind: role, scopes: [] })
  })

  test('who give it up have their tokens ended at the edge', async () => {
    const { session, secret } = await openWithFactor('staff')
    const proved = await as(session).reauthenticate({ password, code: nextCode(secret) })
    await as(proved).removeSecondFactor({ code: nextCode(secret) })
    const { rights = 0 } = decodeJwt<{ rights?: number }>(proved.accessToken)
    const rows = await service.sql`
      select max(rights_version) as least from revocations where subject = ${session.subject}`
    expect(Number(rows[0]?.['least'])).toBe(rights + 1)
  })
})

test('a session from before the second factor proves nothing any more', async () => {
  const { session } = await open()
  await enrol(session)
  expect(actorOf(await refresh(session)).provedAt).toBeUndefined()
})

test('every error that the contracts declare was seen above, or in proof-tries.test.ts', () => {
  expect(unseen()).toEqual(['reauthenticate: LOGIN_THROTTLED'])
})
