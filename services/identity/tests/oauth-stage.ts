// identity with clients, people and their consents, for the tests of OAuth 2.0.
import { createHash, randomBytes } from 'node:crypto'
import { anonymous, type Actor } from '@comptoir/contracts/access'
import type { NewApiClient } from '@comptoir/contracts/identity/machine-model'
import type { Session } from '@comptoir/contracts/identity/model'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { signedInAdmin } from './signed-in-admin.ts'

export const callback = 'https://app.example/callback'
export const password = 'correct horse battery'

export interface Proof {
  readonly clientId: string
  readonly secret: string | null
}

interface Consenting {
  readonly scopes?: string[]
  readonly endsSession?: boolean
  readonly redirectUri?: string
}

interface Consented {
  readonly code: string
  readonly codeVerifier: string
  readonly redirectUri: string
}

export const pkce = () => {
  const codeVerifier = randomBytes(32).toString('base64url')
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') }
}

export const sidOf = (accessToken: string): string => decodeJwt<{ sid: string }>(accessToken).sid

export const startOAuthStage = async (staffSecondFactor: 'required' | 'optional' = 'optional') => {
  const clock = frozenClock('2026-11-20T10:00:00.000Z')
  const config = Config.parse({
    DATABASE_URL: 'postgres://elsewhere',
    NATS_URL: 'nats://elsewhere',
    STAFF_SECOND_FACTOR: staffSecondFactor,
  })
  const service = await startTestService(app(config), { clock })
  const edge = () => service.as(serviceActor('gateway'))
  const boss = await signedInAdmin(service.sql, clock.now())
  const admin = (): Actor => ({ ...boss, provedAt: clock.now().getTime() / 1_000 })

  const register = async (more: Partial<NewApiClient> = {}): Promise<Proof> => {
    const { id, secret } = await service.as(admin()).createApiClient({
      name: 'Ledger',
      type: 'confidential',
      redirectUris: [callback],
      scopes: ['account', 'orders:read', 'stock:write'],
      ...more,
    })
    return { clientId: id, secret }
  }
  const signUp = async (role = 'customer'): Promise<Session> => {
    const email = `ada.${crypto.randomUUID()}@example.org`
    const { subject } = await service.as(anonymous).register({ email, password, name: 'Ada' })
    await service.sql`update users set role = ${role} where id = ${subject}`
    return service.as(anonymous).login({ email, password })
  }
  /** A person’s consent, as the edge would tell of it. */
  const consent = async (
    { clientId }: Proof,
    { accessToken }: Session,
    more: Consenting = {},
  ): Promise<Consented> => {
    const { codeVerifier, codeChallenge } = pkce()
    const { code } = await edge().authorizeClient({
      clientId,
      redirectUri: callback,
      scopes: null,
      codeChallenge,
      endsSession: false,
      ...more,
      sessionId: sidOf(accessToken),
    })
    return { code, codeVerifier, redirectUri: more.redirectUri ?? callback }
  }
  return {
    service,
    clock,
    edge,
    admin,
    register,
    signUp,
    consent,
    ofMachine: () =>
      register({ redirectUris: [], actsForItself: true, scopes: ['orders:read', 'stock:write'] }),
    redeem: (client: Proof, consented: Consented) => edge().redeemCode({ client, ...consented }),
    refresh: (client: Proof, refreshToken: string | null, scopes: string[] | null = null) =>
      edge().refreshDelegation({ client, refreshToken: refreshToken ?? '', scopes }),
    isEndedAtEdge: async (sid: string) =>
      (await service.sql`select 1 from revocations where session_id = ${sid}`).length === 1,
  }
}
