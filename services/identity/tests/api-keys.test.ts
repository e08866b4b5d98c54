import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { scopesOfKind, type Actor, type Scope } from '@comptoir/contracts/access'
import { apiKeyProcedures } from '@comptoir/contracts/identity/api-keys'
import { ApiKeyId } from '@comptoir/contracts/identity/machine-model'
import { serviceActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { recordUses } from '../src/workers/record-uses.ts'
import { signedInAdmin } from './signed-in-admin.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals(apiKeyProcedures)
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
  boss = await signedInAdmin(service.sql, clock.now())
})
afterAll(() => service.stop())

const seconds = () => clock.now().getTime() / 1_000
let boss: Actor
const admin = (): Actor => ({ ...boss, provedAt: seconds() })
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')
const resolve = (key: string) => service.as(serviceActor('gateway')).resolveApiKey({ keyHash: hashOf(key) })
const create = (actor = admin(), scopes: Scope[] = ['orders:read']) =>
  service.as(actor).createApiKey({ name: 'Warehouse', scopes })
const entriesAbout = (target: string) =>
  service.sql`select actor_id, action, facts from audit_entries where target = ${target} order by sequence`

describe('a new key', () => {
  test('has 256 random bits, of which the database keeps a hash only, and is in the audit log', async () => {
    const actor = admin()
    const { key, ...made } = await create(actor)
    expect(key).toMatch(/^ck_live_[\w-]{43}$/)
    expect(made).toMatchObject({
      hint: key.slice(-4),
      scopes: ['orders:read'],
      createdBy: actor.id,
      revokedAt: null,
    })
    const [row] =
      await service.sql`select key_hash, k::text as everything from api_keys k where id = ${made.id}`
    expect(row?.['key_hash']).toBe(hashOf(key))
    expect(row?.['everything']).not.toContain(key.slice('ck_live_'.length))
    expect(await entriesAbout(made.id)).toEqual([
      { actor_id: actor.id, action: 'key.created', facts: { scopes: ['orders:read'] } },
    ] as never)
  })

  test.each<[string, Scope[]]>([
    ['a person’s own things', ['account']],
    ['people', ['users:write']],
    ['keys', ['orders:read', 'clients:write']],
    ['the audit log', ['audit:read']],
  ])('is never given rights over %s', async (_what, scopes) => {
    await expectRefusal(create(admin(), scopes), 'createApiKey', 'SCOPES_NOT_GRANTABLE')
  })

  test('has no right that its maker does not have', async () => {
    const maker: Actor = { ...admin(), scopes: ['clients:write', 'stock:write'] }
    await expectRefusal(create(maker, ['orders:read']), 'createApiKey', 'SCOPES_NOT_GRANTABLE')
    expect((await create(maker, ['stock:write'])).scopes).toEqual(['stock:write'])
  })

  test('wants somebody who may make keys, and who proved a moment ago who they are', async () => {
    await expect(create({ ...staffActor(), provedAt: seconds() })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const stale = { ...admin(), provedAt: seconds() - 601 }
    await expect(create(stale)).rejects.toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' })
    const machine: Actor = { kind: 'client', id: crypto.randomUUID(), scopes: scopesOfKind.staff.slice() }
    await expect(create(machine)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('a key is resolved', () => {
  test('by its hash, for other services and the edge only', async () => {
    const networks = ['198.51.100.0/24']
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString()
    const { id, key } = await service
      .as(admin())
      .createApiKey({ name: 'Till', scopes: ['stock:write'], networks, expiresAt })
    expect(await resolve(key)).toEqual({ id, scopes: ['stock:write'], networks, expiresAt })
    expect(await resolve('ck_live_made-up')).toBeNull()
    await expect(service.as(admin()).resolveApiKey({ keyHash: hashOf(key) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    clock.advance(60_000)
    expect(await resolve(key)).toBeNull()
  })

  test('until it is revoked, of which the edge is told once and the audit log too', async () => {
    const { id, key } = await create()
    const actor = admin()
    for (const _ of [1, 2]) expect(await service.as(actor).revokeApiKey({ keyId: id })).toBeNull()
    expect(await resolve(key)).toBeNull()
    const told = await service.sql`select session_id, rights_version from revocations where subject = ${id}`
    expect(told).toEqual([{ session_id: null, rights_version: null }] as never)
    expect((await entriesAbout(id)).map(({ action }) => action)).toEqual(['key.created', 'key.revoked'])
  })

  test('and its last use is written down later, and once a minute at most', async () => {
    const { id, key } = await create()
    const lastUse = async () => {
      await recordUses.run(service.context, new AbortController().signal)
      const [row] = await service.sql`select last_used_at from api_keys where id = ${id}`
      return (row?.['last_used_at'] as Date | null)?.getTime()
    }
    expect(await lastUse()).toBeUndefined()
    await resolve(key)
    const first = clock.now().getTime()
    expect(await lastUse()).toBe(first)
    clock.advance(30_000)
    await resolve(key)
    expect(await lastUse()).toBe(first)
    clock.advance(31_000)
    await resolve(key)
    expect(await lastUse()).toBe(first + 61_000)
  })
})

describe('the list of keys', () => {
  test('comes in pages, newest first, and tells no key', async () => {
    const made = [await create(), await create(), await create()]
    const first = await service.as(admin()).listApiKeys({ limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual([made[2]?.id, made[1]?.id] as ApiKeyId[])
    const next = await service.as(admin()).listApiKeys({ limit: 1, cursor: first.nextCursor ?? '' })
    expect(next.items[0]?.id).toBe(made[0]?.id as ApiKeyId)
    for (const { key } of made) expect(JSON.stringify([first, next])).not.toContain(key)
  })

  test('refuses a cursor of another list', async () => {
    await expectRefusal(service.as(admin()).listApiKeys({ cursor: 'x' }), 'listApiKeys', 'CURSOR_INVALID')
  })
})

test('a key that is not there cannot be revoked', async () => {
  const keyId = ApiKeyId.parse(crypto.randomUUID())
  await expectRefusal(service.as(admin()).revokeApiKey({ keyId }), 'revokeApiKey', 'API_KEY_NOT_FOUND')
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})
