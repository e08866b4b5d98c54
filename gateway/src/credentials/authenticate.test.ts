import { beforeAll, describe, expect, setSystemTime, spyOn, afterEach, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { KeySet } from '@comptoir/contracts/identity/model'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTHeaderParameters } from 'jose'
import { createAuthenticate, type Authenticate } from './authenticate.ts'

interface Key {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

const issuer = 'comptoir'
/** Sessions that are over. */
const ended = new Set<unknown>()
const revocations = {
  loaded: () => Promise.resolve(),
  revokes: ({ session }: { session?: string | undefined }) => ended.has(session),
}
const resolveApiKey = () => Promise.reject(new Error('This is no key'))
const makeKey = async (kid: string): Promise<Key> => ({
  kid,
  ...(await generateKeyPair('ES256', { extractable: true })),
})
const keySet = async (...keys: readonly Key[]): Promise<KeySet> =>
  KeySet.parse({
    keys: await Promise.all(
      keys.map(async ({ kid, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg: 'ES256',
        use: 'sig',
      })),
    ),
  })

const good = { kind: 'customer', scopes: [] as string[], sub: 'somebody', iss: issuer, aud: issuer }
type Claims = Partial<Record<keyof typeof good | 'exp' | 'iat' | 'nbf' | 'sid', unknown>>
const now = () => Math.floor(Date.now() / 1_000)

const sign = (key: Key, claims: Claims = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> => {
  const payload = { ...good, iat: now(), exp: now() + 600, ...claims }
  const told = { alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header }
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader(told).sign(key.privateKey)
}

const codeOf = (authenticate: Authenticate, token: string): Promise<unknown> =>
  authenticate(`Bearer ${token}`).then(
    (actor) => actor.kind,
    (error: unknown) => (error as { code?: unknown }).code,
  )

let key: Key
let stranger: Key
let authenticate: Authenticate

beforeAll(async () => {
  key = await makeKey('one')
  stranger = await makeKey('one')
  const keys = await keySet(key)
  authenticate = createAuthenticate({ resolveApiKey, revocations, issuer, loadKeys: async () => keys })
})

afterEach(() => {
  setSystemTime()
})

test('makes the actor that the token tells of, and nobody where there is no token', async () => {
  const token = await sign(key, { kind: 'staff', scopes: ['orders:read'], sub: 's-1' })
  expect(await authenticate(`Bearer ${token}`)).toEqual({ kind: 'staff', id: 's-1', scopes: ['orders:read'] })
  expect(await authenticate(undefined)).toEqual(anonymous)
})

describe('refuses', () => {
  const withPublicKeyAsSecret = async () => {
    const secret = new TextEncoder().encode(await exportSPKI(key.publicKey))
    const claims = { ...good, iat: now(), exp: now() + 600 }
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'one' }).sign(secret)
  }
  const changed = async () => {
    const [head, , signature] = (await sign(key)).split('.')
    const claims = { ...good, kind: 'admin', iat: now(), exp: now() + 600 }
    return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
  }
  const withItsOwnKey = async () => sign(stranger, {}, { jwk: await exportJWK(stranger.publicKey) })

  test.each<[string, () => Promise<string> | string]>([
    ['text that is no token', () => 'nonsense'],
    ['an unsigned token', () => new UnsecuredJWT({ ...good, iat: now(), exp: now() + 600 }).encode()],
    ['the public key used as a shared secret', withPublicKeyAsSecret],
    ['another key under a known name', () => sign(stranger)],
    ['a key that the token brings along', withItsOwnKey],
    ['a key that nobody knows', () => sign({ ...key, kid: 'two' })],
    ['claims that were changed after signing', changed],
    ['a token without a kind', () => sign(key, { kind: undefined })],
    ['a token that makes itself a service', () => sign(key, { kind: 'service' })],
    ['a right that does not exist', () => sign(key, { scopes: ['everything'] })],
    ['another type of token', () => sign(key, {}, { typ: 'int+jwt' })],
    ['a token without a type', () => sign(key, {}, { typ: undefined as unknown as string })],
    ['another issuer', () => sign(key, { iss: 'someone' })],
    ['another audience', () => sign(key, { aud: 'orders' })],
    ['an expired token', () => sign(key, { iat: now() - 700, exp: now() - 1 })],
    ['a token without an end', () => sign(key, { exp: undefined })],
    ['a token for later', () => sign(key, { nbf: now() + 60 })],
  ])('%s', async (_what, forge) => {
    expect(await codeOf(authenticate, await forge())).toBe('UNAUTHENTICATED')
  })

  test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer \u0000'])(
    'the header %j',
    async (header) => {
      const code = await authenticate(header).catch((error: unknown) => (error as { code?: unknown }).code)
      expect(code).toBe('UNAUTHENTICATED')
    },
  )
})

test('believes a token it has seen no longer than it is valid', async () => {
  const token = await sign(key)
  expect(await codeOf(authenticate, token)).toBe('customer')
  setSystemTime(Date.now() + 601_000)
  expect(await codeOf(authenticate, token)).toBe('UNAUTHENTICATED')
})

describe('keys', () => {
  test('are loaded once for many callers', async () => {
    let loads = 0
    const keys = await keySet(key)
    const fresh = createAuthenticate({
      resolveApiKey,
      revocations,
      issuer,
      loadKeys: async () => ((loads += 1), keys),
    })
    const tokens = await Promise.all([1, 2, 3].map((n) => sign(key, { sub: `c-${n}` })))
    await Promise.all(tokens.map((token) => codeOf(fresh, token)))
    expect(loads).toBe(1)
  })

  test('that cannot be loaded make the edge unavailable, not open', async () => {
    const fresh = createAuthenticate({
      resolveApiKey,
      revocations,
      issuer,
      loadKeys: () => Promise.reject(new Error('away')),
    })
    const attempt = fresh(`Bearer ${await sign(key)}`)
    expect(await attempt.catch(String)).toBe('Error: away')
  })

  test('that are old serve on at once while identity does not answer, and it is asked now and then only', async () => {
    const keys = await keySet(key)
    let answers: Promise<KeySet> = Promise.resolve(keys)
    let loads = 0
    const patient = createAuthenticate({
      resolveApiKey,
      revocations,
      issuer,
      loadKeys: () => ((loads += 1), answers),
    })
    expect(await codeOf(patient, await sign(key))).toBe('customer')
    answers = Promise.withResolvers<KeySet>().promise
    const later = performance.now() + 301_000
    const clock = spyOn(performance, 'now').mockImplementation(() => later)
    try {
      for (const sub of ['c-1', 'c-2', 'c-3'])
        expect(await codeOf(patient, await sign(key, { sub }))).toBe('customer')
    } finally {
      clock.mockRestore()
    }
    expect(loads).toBe(2)
  })
})

test('an issuer of another name makes tokens for the same audience', async () => {
  const keys = await keySet(key)
  const renamed = createAuthenticate({
    resolveApiKey,
    revocations,
    issuer: 'https://shop.example',
    loadKeys: async () => keys,
  })
  expect(await codeOf(renamed, await sign(key, { iss: 'https://shop.example' }))).toBe('customer')
  expect(await codeOf(renamed, await sign(key))).toBe('UNAUTHENTICATED')
})

test('a token is no credential any more once its session is over, also where it was taken before', async () => {
  const sid = crypto.randomUUID()
  const token = await sign(key, { sid })
  expect(await codeOf(authenticate, token)).toBe('customer')
  ended.add(sid)
  expect(await codeOf(authenticate, token)).toBe('UNAUTHENTICATED')
})
