import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { apiClientProcedures } from '@comptoir/contracts/identity/api-clients'
import { ApiClientId, type NewApiClient } from '@comptoir/contracts/identity/machine-model'
import { staffActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { signedInAdmin } from './signed-in-admin.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals(apiClientProcedures)
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
  boss = await signedInAdmin(service.sql, clock.now())
})
afterAll(() => service.stop())

let boss: Actor
const admin = (): Actor => ({ ...boss, provedAt: clock.now().getTime() / 1_000 })
const callback = 'https://app.example/callback'
const create = (more: Partial<NewApiClient> = {}, actor = admin()) =>
  service.as(actor).createApiClient({
    name: 'Ledger',
    type: 'confidential',
    redirectUris: [callback],
    scopes: ['account', 'orders:read'],
    ...more,
  })
const faultsOf = (more: Partial<NewApiClient>): Promise<unknown> =>
  create(more).then(
    () => 'none',
    (error: unknown) => (error as { fields?: { pointer: string }[] }).fields?.map(({ pointer }) => pointer),
  )

describe('a new client', () => {
  test('has a secret that is told once and kept as a hash, where it can keep one', async () => {
    const { secret, ...made } = await create()
    expect(secret).toMatch(/^cs_live_[\w-]{43}$/)
    expect(made).toMatchObject({ type: 'confidential', redirectUris: [callback], actsForItself: false })
    const [row] = await service.sql`select c::text as everything from api_clients c where id = ${made.id}`
    expect(row?.['everything']).not.toContain(secret?.slice('cs_live_'.length))
    const app = await create({ type: 'public', redirectUris: ['com.example.app:/callback'] })
    expect(app).toMatchObject({ type: 'public', secret: null })
  })

  test('sends people only where it must be the client that gets them', async () => {
    const redirectUris = [callback, 'https://app.example/*', 'javascript:alert(1)']
    expect(await faultsOf({ redirectUris })).toEqual(['/redirectUris/1', '/redirectUris/2'])
    expect(await faultsOf({ redirectUris: ['com.example.app:/callback'] })).toEqual(['/redirectUris/0'])
  })

  test('acts for somebody, and for itself only with a secret', async () => {
    expect(await faultsOf({ redirectUris: [] })).toEqual(['/redirectUris'])
    expect(await faultsOf({ type: 'public', actsForItself: true })).toEqual(['/actsForItself'])
  })

  test('is given no right over people or keys, and for itself only what its maker has', async () => {
    const refused = (call: Promise<unknown>) => expectRefusal(call, 'createApiClient', 'SCOPES_NOT_GRANTABLE')
    for (const scope of ['users:write', 'clients:write', 'audit:read'] as const)
      await refused(create({ scopes: [scope] }))
    await refused(create({ redirectUris: [], actsForItself: true, scopes: ['account'] }))
    const maker: Actor = { ...admin(), scopes: ['clients:write', 'stock:write'] }
    await refused(create({ actsForItself: true, scopes: ['orders:read'] }, maker))
    expect((await create({ actsForItself: true, scopes: ['stock:write'] }, maker)).actsForItself).toBe(true)
  })

  test('wants somebody who may make clients, and who proved a moment ago who they are', async () => {
    const seconds = clock.now().getTime() / 1_000
    await expect(create({}, { ...staffActor(), provedAt: seconds })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(create({}, { ...admin(), provedAt: seconds - 601 })).rejects.toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    })
  })
})

describe('the list of clients', () => {
  test('comes in pages, newest first, and tells no secret', async () => {
    const made = [await create(), await create()]
    const page = await service.as(admin()).listApiClients({ limit: 1 })
    expect(page.items.map(({ id }) => id)).toEqual([made[1]?.id] as ApiClientId[])
    const next = await service.as(admin()).listApiClients({ limit: 1, cursor: page.nextCursor ?? '' })
    expect(next.items[0]?.id).toBe(made[0]?.id as ApiClientId)
    for (const { secret } of made) expect(JSON.stringify([page, next])).not.toContain(secret ?? '')
  })

  test('refuses a cursor of another list', async () => {
    const call = service.as(admin()).listApiClients({ cursor: 'x' })
    await expectRefusal(call, 'listApiClients', 'CURSOR_INVALID')
  })
})

describe('a client is revoked', () => {
  test('once, of which the edge and the audit log are told', async () => {
    const { id: clientId } = await create()
    for (const _ of [1, 2]) expect(await service.as(admin()).revokeApiClient({ clientId })).toBeNull()
    const told = await service.sql`select session_id from revocations where subject = ${clientId}`
    expect(told).toHaveLength(1)
    const logged =
      await service.sql`select action from audit_entries where target = ${clientId} order by sequence`
    expect(logged.map(({ action }) => action)).toEqual(['client.created', 'client.revoked'])
  })

  test('if there is one', async () => {
    const clientId = ApiClientId.parse(crypto.randomUUID())
    const call = service.as(admin()).revokeApiClient({ clientId })
    await expectRefusal(call, 'revokeApiClient', 'API_CLIENT_NOT_FOUND')
  })
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})
