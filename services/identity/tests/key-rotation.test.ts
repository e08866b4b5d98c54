import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { rotateKey } from '../src/rotate-key.ts'
import { sealing } from '../src/security/sealing.ts'
import { ensureSigningKey } from '../src/security/signing-keys.ts'
import { followSigningKey } from '../src/workers/follow-signing-key.ts'
import { sweep } from '../src/workers/sweep.ts'

const secret = 'a secret of the operator, of 32 characters and more'
const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  KEY_ENCRYPTION_SECRET: secret,
})
// Of the present, because the command goes by the clock of its machine.
const clock = frozenClock(new Date().toISOString())
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const signal = new AbortController().signal
const minute = 60_000
const follow = () => followSigningKey.run(service.context, signal)
const rotate = (atOnce = false, seal = sealing(secret)) =>
  service.context.transaction((tx) => rotateKey(tx, { sealing: seal, now: clock.now(), atOnce }))
const newToken = async () => (await service.as(anonymous).createGuest({})).accessToken
const signerOf = (token: string) => decodeProtectedHeader(token).kid
const published = async () => (await service.as(anonymous).listKeys({})).keys
const kids = async () => (await published()).map(({ kid }) => kid)
const verifies = async (token: string): Promise<boolean> =>
  jwtVerify(token, createLocalJWKSet({ keys: await published() }), { currentDate: clock.now() }).then(
    () => true,
    () => false,
  )
/** Lets everything that was begun be over, so that each test finds one key. */
const settle = async () => {
  clock.advance(60 * minute)
  await follow()
  await sweep.run(service.context, signal)
}

test('the next key is published ten minutes before it signs, and the one before verifies until its tokens are dead', async () => {
  const first = signerOf(await newToken()) ?? ''
  const { kid: second } = await rotate()
  expect((await kids()).toSorted()).toEqual([first, second].toSorted())
  clock.advance(10 * minute - 1_000)
  await follow()
  expect(signerOf(await newToken())).toBe(first)
  clock.advance(1_000)
  // Another instance that has not noticed yet.
  const late = await newToken()
  await follow()
  expect(signerOf(await newToken())).toBe(second)
  clock.advance(15 * minute - 1_000)
  expect([signerOf(late), await verifies(late)]).toEqual([first, true])
  clock.advance(3 * minute)
  expect(await kids()).toEqual([second])
  await sweep.run(service.context, signal)
  const left = await service.sql`select kid from signing_keys`
  expect(left.map((row) => row['kid'])).toEqual([second])
  expect((await published()).every((key) => !('d' in key))).toBe(true)
})

test('a start meanwhile takes the key that signs, and not the newest', async () => {
  await settle()
  const current = signerOf(await newToken()) ?? ''
  await rotate()
  const taken = await service.context.transaction((tx) => ensureSigningKey(tx, sealing(secret), clock.now()))
  expect(taken.kid).toBe(current)
})

test('one rotation waits at a time, and with all haste it is the waiting key that signs at once', async () => {
  await settle()
  const { kid } = await rotate()
  expect(await rotate().catch(String)).toContain(`The key ${kid} waits already`)
  const before = await newToken()
  expect((await rotate(true)).kid).toBe(kid)
  await follow()
  expect(signerOf(await newToken())).toBe(kid)
  expect(await verifies(before)).toBe(true)
})

test('a rotation with another secret, or none, changes nothing', async () => {
  await settle()
  const before = await kids()
  expect(await rotate(true, sealing('another')).catch(String)).toContain('does not open')
  const unsealed = service.context.transaction((tx) =>
    rotateKey(tx, { sealing: undefined, now: clock.now(), atOnce: true }),
  )
  expect(await unsealed.catch(String)).toContain('KEY_ENCRYPTION_SECRET is missing')
  expect(await kids()).toEqual(before)
})

test('a rotation is written down', async () => {
  await settle()
  const { kid } = await rotate()
  const rows = await service.sql`select actor_kind, action from audit_entries where target = ${kid}`
  expect(rows).toMatchObject([{ actor_kind: 'operator', action: 'key.rotated' }])
})

const cli = fileURLToPath(new URL('../src/keys-cli.ts', import.meta.url))
const run = async (...words: string[]) => {
  const env = { ...process.env, DATABASE_URL: service.databaseUrl, KEY_ENCRYPTION_SECRET: secret }
  const child = Bun.spawn([process.execPath, cli, ...words], { env, stderr: 'pipe' })
  return { out: await new Response(child.stdout).text(), code: await child.exited }
}

test('the command rotates and lists, and explains itself when it is not understood', async () => {
  await service.sql`update signing_keys set signs_from = now() - interval '1 hour', verifies_until = null`
  const { out, code } = await run('rotate', '--now')
  const [kid = ''] = out.split(' ')
  expect(code).toBe(0)
  const listed = (await run('list')).out.split('\n')
  expect(listed.find((line) => line.startsWith(kid))).toContain('signs')
  expect(listed.some((line) => line.includes('verifies') && line.includes('until'))).toBe(true)
  expect(listed.join()).not.toContain('aes-256-gcm')
  expect((await run('rotate')).code).toBe(0)
  expect((await run('rotate')).code).not.toBe(0)
  expect((await run('revolve')).code).toBe(2)
})
