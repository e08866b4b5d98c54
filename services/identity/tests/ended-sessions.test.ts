import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Actor, anonymous } from '@comptoir/contracts/access'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const password = 'correct horse battery'
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>
beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

/** Somebody who has just signed in, with the token that the edge believes until it hears otherwise. */
const enter = async () => {
  const email = `ada.${crypto.randomUUID()}@example.org`
  const session = await service.as(anonymous).register({ email, password, name: 'Ada' })
  const { kind, sub, scopes, sid, auth_time } = decodeJwt(session.accessToken)
  const actor = Actor.parse({ kind, id: sub, scopes, session: sid, provedAt: auth_time })
  // Rights that nobody looks up again: the edge believes the token.
  const asStaff = service.as({ ...actor, scopes: ['clients:write', 'orders:read'] })
  return { ...service.as(actor), asStaff }
}
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
const codeNow = (secret: string): string => {
  clock.advance(30_000)
  return codeOfStep(fromBase32(secret), Math.floor(clock.now().getTime() / 30_000))
}

test('a session that is over changes nothing of the account, whatever the edge has heard', async () => {
  const [thief, enrolling, guarded] = [await enter(), await enter(), await enter()]
  const { secret } = await enrolling.enrolSecondFactor({})
  const { secret: own } = await guarded.enrolSecondFactor({})
  await guarded.confirmSecondFactor({ code: codeNow(own) })
  const home = { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' }
  const kept = await thief.addAddress({ address: home })
  for (const gone of [thief, enrolling, guarded]) await gone.logoutEverywhere({})
  const machine = { name: 'Till', scopes: ['orders:read' as const] }
  const tries = {
    enrol: () => thief.enrolSecondFactor({}),
    confirm: () => enrolling.confirmSecondFactor({ code: codeNow(secret) }),
    'give the second factor up': () => guarded.removeSecondFactor({ code: codeNow(own) }),
    'get other recovery codes': () => guarded.renewRecoveryCodes({}),
    'make a key': () => thief.asStaff.createApiKey(machine),
    'make a client': () =>
      thief.asStaff.createApiClient({ ...machine, type: 'confidential', actsForItself: true }),
    'change the password': () =>
      thief.changePassword({ currentPassword: password, password: `${password} 2` }),
    delete: () => thief.deleteAccount({}),
    'take all that is held of the person': () => thief.exportAccount({}),
    'change the name': () => thief.updateMe({ name: 'Mallory' }),
    'add an address': () => thief.addAddress({ address: home }),
    'change an address': () => thief.updateAddress({ addressId: kept.id, isDefault: false }),
    'remove an address': () => thief.removeAddress({ addressId: kept.id }),
  }
  for (const [what, call] of Object.entries(tries))
    expect([what, await codeOf(call())]).toEqual([what, 'UNAUTHENTICATED'])
})

test('a password that is changed again and again gives no more guesses of the second factor’s codes', async () => {
  const person = await enter()
  const { secret } = await person.enrolSecondFactor({})
  await person.confirmSecondFactor({ code: codeNow(secret) })
  // A code of an hour ago is a wrong one.
  const guess = codeOfStep(fromBase32(secret), Math.floor(clock.now().getTime() / 30_000) - 120)
  const refusals: unknown[] = []
  for (let round = 0; round < 3; round += 1) {
    for (let nth = 0; nth < 4; nth += 1)
      refusals.push(await codeOf(person.removeSecondFactor({ code: guess })))
    const [currentPassword, next] =
      round % 2 === 0 ? [password, `${password} 2`] : [`${password} 2`, password]
    refusals.push(await codeOf(person.changePassword({ currentPassword, password: next })))
  }
  expect(refusals.filter((code) => code === 'SECOND_FACTOR_INVALID').length).toBeLessThan(10)
})

test('a second factor that is set up and given up again and again gives no more guesses of the password', async () => {
  const thief = await enter()
  const refusals: unknown[] = []
  for (let round = 0; round < 4; round += 1) {
    const enrolled = await thief.enrolSecondFactor({}).catch(() => undefined)
    for (let nth = 0; nth < 4; nth += 1)
      refusals.push(
        await codeOf(thief.changePassword({ currentPassword: 'a guess', password: `${password} 2` })),
      )
    const code = () => codeNow(enrolled?.secret ?? '')
    await codeOf(thief.confirmSecondFactor({ code: code() }))
    await codeOf(thief.removeSecondFactor({ code: code() }))
  }
  expect(refusals.filter((code) => code === 'PASSWORD_WRONG').length).toBeLessThan(10)
})
