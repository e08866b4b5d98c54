// What people can let others do who have a second factor, or need one and have none.
import { afterAll, expect, test } from 'bun:test'
import { Actor, anonymous } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { oauthProcedures } from '@comptoir/contracts/identity/oauth'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { decodeJwt } from 'jose'
import { codeOfStep, fromBase32 } from '../src/security/totp.ts'
import { callback, password, sidOf, startOAuthStage } from './oauth-stage.ts'

const { authorizeClient } = oauthProcedures
const { expectRefusal } = refusals({ authorizeClient })
const { service, clock, edge, register, signUp, consent, redeem } = await startOAuthStage('required')
afterAll(() => service.stop())

const all = ['account', 'orders:read', 'stock:write']
const asked = async (clientId: string, { accessToken }: Session) =>
  edge().prepareAuthorization({
    clientId,
    redirectUri: callback,
    scopes: null,
    sessionId: sidOf(accessToken),
  })

/** Sets a second factor up; answers a sign-in with it. */
const guard = async ({ accessToken }: Session): Promise<Session> => {
  const { kind, sub, scopes, sid, auth_time } = decodeJwt(accessToken)
  const person = service.as(Actor.parse({ kind, id: sub, scopes, session: sid, provedAt: auth_time }))
  const { secret } = await person.enrolSecondFactor({})
  await person.confirmSecondFactor({ code: nextCode(secret) })
  const { email } = await person.getMe({})
  return service.as(anonymous).login({ email, password, code: nextCode(secret) })
}

/** The code of now; the clock moves on first, because a code that was shown is over. */
const nextCode = (secret: string): string => {
  clock.advance(30_000)
  return codeOfStep(fromBase32(secret), Math.floor(clock.now().getTime() / 30_000))
}

test('staff without the second factor that they need can let others do what is their own, and no more', async () => {
  const client = await register()
  const joan = await signUp('staff')
  expect((await asked(client.clientId, joan)).scopes).toEqual(['account'])
  expect((await redeem(client, await consent(client, joan))).scopes).toEqual(['account'])
  const refused = consent(client, joan, { scopes: ['orders:read'] })
  await expectRefusal(refused, 'authorizeClient', 'SCOPE_INVALID')
})

test('staff who have shown their second factor can let others do all that they may do themselves', async () => {
  const client = await register()
  const joan = await guard(await signUp('staff'))
  expect((await asked(client.clientId, joan)).scopes).toEqual(all as never)
  expect((await redeem(client, await consent(client, joan))).scopes).toEqual(all as never)
})

test.each(['customer', 'staff'])(
  'a sign-in of a %s that lacks their second factor lets nobody in',
  async (role) => {
    const client = await register()
    const before = await signUp(role)
    await guard(before)

    expect((await asked(client.clientId, before)).person).toBeNull()
    await expectRefusal(consent(client, before), 'authorizeClient', 'GRANT_INVALID')
  },
)
