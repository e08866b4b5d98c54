import { expect, test } from 'bun:test'
import { KeySet } from '@comptoir/contracts/identity/model'
import { exportJWK, generateKeyPair, type JWTVerifyGetKey } from 'jose'
import { createKeySet } from './key-set.ts'

const publicKey = async (kid: string) => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' }
}
const setOf = async (...kids: string[]) => KeySet.parse({ keys: await Promise.all(kids.map(publicKey)) })

/** Whether the key of a token that names it is found, or with which code it is refused. */
const look = (keys: JWTVerifyGetKey, kid: string): Promise<unknown> =>
  Promise.resolve(keys({ alg: 'ES256', kid }, { payload: '', signature: '' })).then(
    () => 'found',
    (error: unknown) => (error as { code?: unknown }).code,
  )

test('a key that is younger than what was loaded is found at once, without a refusal, by all who come with it', async () => {
  const [before, after] = [await setOf('one'), await setOf('one', 'two')]
  let now = before
  let loads = 0
  const keys = createKeySet(async () => ((loads += 1), now))
  expect(await look(keys, 'one')).toBe('found')
  now = after
  expect(await Promise.all(Array.from({ length: 10 }, () => look(keys, 'two')))).toEqual(
    Array.from({ length: 10 }, () => 'found'),
  )
  expect(loads).toBe(2)
})

test('a load that was on its way before the key was there does not decide', async () => {
  const [before, after] = [await setOf('one'), await setOf('one', 'two')]
  const slow = Promise.withResolvers<KeySet>()
  const asked = Promise.withResolvers<void>()
  const answers = [() => Promise.resolve(before), () => (asked.resolve(), slow.promise)]
  const keys = createKeySet(() => (answers.shift() ?? (() => Promise.resolve(after)))())
  await look(keys, 'one')
  const stranger = look(keys, 'nobody’s')
  await asked.promise
  const young = look(keys, 'two')
  slow.resolve(before)
  expect(await stranger).toBe('ERR_JWKS_NO_MATCHING_KEY')
  expect(await young).toBe('found')
})

test('strangers who name keys that nobody has make us ask a few times and then once a second', async () => {
  let loads = 0
  const set = await setOf('one')
  const keys = createKeySet(async () => ((loads += 1), set))
  for (let nth = 0; nth < 5; nth += 1) await look(keys, `nobody’s ${nth}`)
  const asked = loads
  for (let again = 0; again < 100; again += 1) await look(keys, 'nobody’s 1')
  expect(loads).toBe(asked)
  const startedAt = performance.now()
  const many = await Promise.all(Array.from({ length: 100 }, (_, nth) => look(keys, `anybody’s ${nth}`)))
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000)
  expect(loads - asked).toBeLessThanOrEqual(1 + seconds)
  expect(many.filter((code) => code === 'ERR_JWKS_NO_MATCHING_KEY')).toHaveLength(16)
  expect(many.filter((code) => code === 'UNAVAILABLE')).toHaveLength(84)
})

test('a key that is known is found while strangers wait', async () => {
  const answers: Promise<KeySet>[] = [Promise.resolve(await setOf('one'))]
  const keys = createKeySet(() => answers.shift() ?? Promise.withResolvers<KeySet>().promise)
  await look(keys, 'one')
  void look(keys, 'nobody’s')
  expect(await look(keys, 'one')).toBe('found')
})
