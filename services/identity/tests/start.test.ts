import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { sealing } from '../src/security/sealing.ts'
import { ensureSigningKey, openSigningKey } from '../src/security/signing-keys.ts'
import { prepareAdmin } from '../src/start.ts'
import { sweep } from '../src/workers/sweep.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const starting = startTestService(app(config))
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const ensure = (secret?: string) =>
  service.context.transaction((tx) =>
    ensureSigningKey(tx, secret === undefined ? undefined : sealing(secret), new Date()),
  )

test('instances that start together agree on one signing key', async () => {
  await service.sql`delete from signing_keys`
  const keys = await Promise.all(Array.from({ length: 5 }, () => ensure()))
  expect(new Set(keys.map((key) => key.kid)).size).toBe(1)
  expect(await service.sql`select kid from signing_keys`).toHaveLength(1)
})

test('a key that was stored in the clear is sealed as soon as there is a secret, and stays the same key', async () => {
  const plain = await ensure()
  const sealed = await ensure('a secret')
  expect(sealed.kid).toBe(plain.kid)
  expect(sealed.privateKey).toStartWith('aes-256-gcm.v1.')
  expect((await openSigningKey(sealed, sealing('a secret'))).kid).toBe(plain.kid)
})

test('a start with another secret, or none, says what is wrong', async () => {
  const sealed = await ensure('a secret')
  const errorOf = (secret: Parameters<typeof openSigningKey>[1]) =>
    openSigningKey(sealed, secret).then(String, String)
  expect(await errorOf(sealing('another'))).toContain('KEY_ENCRYPTION_SECRET does not open')
  expect(await errorOf(undefined)).toContain('KEY_ENCRYPTION_SECRET is missing')
})

test('an administrator is made once, nobody is told, and a later password does not replace the first', async () => {
  const hash = async () => (await service.sql`select password_hash from users where role = 'admin'`)[0]
  await prepareAdmin(service.context, { email: 'admin@example.org', password: 'first password' })
  const first = await hash()
  await prepareAdmin(service.context, { email: 'Admin@example.org', password: 'second password' })
  expect(await hash()).toEqual(first)
  expect(await service.sql`select 1 from users`).toHaveLength(1)
  expect(await service.sql`select 1 from outbox where subject like '%registered%'`).toHaveLength(0)
})

test('no second administrator is made when the first has another address since', async () => {
  await prepareAdmin(service.context, { email: 'admin@example.org', password: 'first password' })
  await service.sql`update users set email = 'owner@example.org' where role = 'admin'`
  await prepareAdmin(service.context, { email: 'admin@example.org', password: 'first password' })
  expect(await service.sql`select 1 from users`).toHaveLength(1)
})

test('sweeping deletes what decides nothing any more and keeps the rest', async () => {
  const token = (hash: string, expires: string) => service.sql`
    insert into refresh_tokens (id, token_hash, family_id, subject_kind, subject_id, created_at, expires_at)
    values (gen_random_uuid(), ${hash}, gen_random_uuid(), 'guest', gen_random_uuid(), now(), now() + ${expires}::interval)`
  await token('old', '-25 hours')
  await token('just over', '-1 hour')
  await token('alive', '1 hour')
  expect(await sweep.run(service.context, new AbortController().signal)).toBe(false)
  const left = await service.sql`select token_hash from refresh_tokens order by token_hash`
  expect(left.map((row) => row['token_hash'])).toEqual(['alive', 'just over'])
})
