// Who may call what: every operation of every contract, at the edge and at the services behind it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous, judge, refusals, Scope, scopesOfKind, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { commonErrors } from '@comptoir/contracts/errors'
import { importJWK, type JWK } from 'jose'
import { openDatabases, type Databases } from '../stack/databases.ts'
import { enter, fillCart, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'
import { forgeries, genuine, type Genuine } from './forged-tokens.ts'
import { codeOf, operations, overRest, overTrpc } from './operation-calls.ts'
import { registeredUrls, registerKey, type Registered } from './registered.ts'

let stack: TestStack
let urls: ReadonlyMap<string, string>
/** Keys that the processes believe: one of the gateway, one of another service. */
let gateway: Registered
let neighbour: Registered
/** identity's own key: what it signs is a person's access token. */
let signing: Pick<Genuine, 'privateKey' | 'publicKey'> & { readonly kid: string }
const tokens = new Map<string, string | undefined>()
/** Credentials that are none; whoever shows one is refused, also where none is needed. */
const bad = new Map<string, string>()

beforeAll(async () => {
  // Without a secret the signing key lies open in the database: a token of any kind can be made of it.
  stack = await startTestStack({
    env: { identity: { KEY_ENCRYPTION_SECRET: '' }, gateway: { REVOCATIONS_EVERY_MS: '100' } },
  })
  urls = await registeredUrls(stack.natsUrl)
  gateway = await registerKey(stack.natsUrl, 'gateway')
  neighbour = await registerKey(stack.natsUrl, 'neighbour')
  signing = await signingKey()
  tokens.set('guest', (await enter(stack.shop)).token)
  tokens.set('customer', (await register('grace@example.com')).accessToken)
  tokens.set('admin', stack.staffToken)
  tokens.set('staff', await hire('joan@example.com'))
  for (const scope of Scope.options) tokens.set(scope, await accessToken(actorOf(scope)))
  for (const [what, token] of await forgeries(accessTokenOf(actorOf('admin')))) bad.set(what, token)
  bad.set('a session that is over', await overSession())
}, 60_000)
afterAll(() => stack?.stop())

const getMe = { path: 'identity.getMe', service: 'identity', declaration: services.identity.getMe }

const identityDatabase = async <T>(work: (sql: Databases['identity']) => Promise<T>): Promise<T> => {
  await using databases = openDatabases(stack.databaseUrl)
  return await work(databases.identity)
}

const password = 'a long enough password'
const register = (email: string) =>
  stack.shop('identity', 'register', { email, password, name: 'Grace Hopper' })

/** A member of staff, made as an operator would without an administrator. */
const hire = async (email: string): Promise<string> => {
  await register(email)
  await identityDatabase((sql) => sql`update users set role = 'staff' where email = ${email}`)
  return (await stack.shop('identity', 'login', { email, password })).accessToken
}

/** The token of somebody who has signed out, as soon as the edge has heard of it. */
const overSession = async (): Promise<string> => {
  const { accessToken: token, refreshToken } = await register('ada@example.com')
  expect((await overTrpc(stack.gatewayUrl, getMe, token)).status).toBe(400)
  await stack.shop('identity', 'logout', { refreshToken })
  return until('the edge has heard that the session is over', async () =>
    (await overTrpc(stack.gatewayUrl, getMe, token)).status === 401 ? token : undefined,
  )
}

const signingKey = async () => {
  const [key] = await identityDatabase(
    (sql) =>
      sql<{ kid: string; jwk: string; public: JWK }[]>`
        select kid, private_key as jwk, public_key as public from signing_keys`,
  )
  if (key === undefined) throw new Error('identity has no key')
  const privateKey = await importJWK(JSON.parse(key.jwk) as JWK, 'ES256', { extractable: true })
  const publicKey = await importJWK(key.public, 'ES256', { extractable: true })
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) throw new Error('No key pair')
  return { kid: key.kid, privateKey, publicKey }
}

const kinds = ['anonymous', 'guest', 'customer', 'staff', 'admin'] as const
const callers = [...kinds, ...Scope.options]
type Caller = (typeof callers)[number]

const isKind = (caller: Caller): caller is (typeof kinds)[number] => kinds.some((kind) => kind === caller)

/** Somebody of a kind with all that comes with it, or a machine with one right. */
const actorOf = (caller: Caller): Actor => {
  const id = crypto.randomUUID()
  if (caller === 'anonymous') return anonymous
  if (!isKind(caller)) return { kind: 'client', id, scopes: [caller] }
  const scopes = [...scopesOfKind[caller]]
  return caller === 'guest' ? { kind: caller, id, scopes } : { kind: caller, id, scopes, provedAt: now() }
}

const now = () => Math.floor(Date.now() / 1_000)
const times = (seconds = 60) => ({ iat: now() - 1, exp: now() + seconds, jti: crypto.randomUUID() })

/** A token as identity would sign it. */
const accessTokenOf = ({ kind, id, scopes, provedAt }: Actor): Genuine => ({
  ...signing,
  header: { typ: 'at+jwt', kid: signing.kid },
  claims: {
    iss: 'comptoir',
    aud: 'comptoir',
    sub: id,
    kind,
    scopes,
    ...(provedAt === undefined ? {} : { auth_time: provedAt }),
    ...times(600),
  },
})
const accessToken = (actor: Actor): Promise<string> => genuine(accessTokenOf(actor))

/** A token in which a process tells a service who asks. */
const actorTokenOf = (
  key: Registered,
  service: string,
  { id, ...actor }: Actor,
  iss = 'gateway',
): Genuine => ({
  ...key,
  header: { typ: 'int+jwt', kid: key.kid },
  claims: { iss, aud: service, sub: id, ...actor, ...times() },
})

const codes = { ...refusals, allowed: 'INVALID_INPUT' } as const
const edge = () => ({ viaService: false, now: new Date() })
const baseOf = (service: string): string => urls.get(service) ?? ''

describe.each(operations)('$path at the edge', (operation) => {
  const { declaration } = operation

  test.each(callers)('treats a caller who is, or holds, %s as its contract says', async (caller) => {
    const code = codes[judge(declaration, actorOf(caller), edge())]
    const answer = await overTrpc(stack.gatewayUrl, operation, tokens.get(caller))
    expect(codeOf(answer)).toBe(code)
    if (declaration.http === undefined) return
    const rest = await overRest(stack.gatewayUrl, operation, tokens.get(caller))
    expect(codeOf(rest)).toBe(code)
    expect(rest.status).toBe(commonErrors[code].status)
    if (declaration.kind !== 'subscription') expect(answer.status).toBe(rest.status)
  })

  test('refuses a credential that is none, whatever its contract says', async () => {
    const { gatewayUrl } = stack
    for (const what of ['an end that has passed', 'a session that is over', 'another’s signature']) {
      const token = bad.get(what)
      expect(token).toBeDefined()
      const answer = await overTrpc(gatewayUrl, operation, token)
      expect([what, answer.status, codeOf(answer)]).toEqual([what, 401, 'UNAUTHENTICATED'])
      if (declaration.http === undefined) continue
      const rest = await overRest(gatewayUrl, operation, token)
      expect([what, rest.status, codeOf(rest)]).toEqual([what, 401, 'UNAUTHENTICATED'])
    }
  })
})

test('the edge takes the genuine token, and none of the forged ones', async () => {
  const token = await accessToken(actorOf('admin'))
  expect((await overTrpc(stack.gatewayUrl, getMe, token)).status).toBe(400)
  expect(bad.size).toBeGreaterThan(40)
  const faces = [
    (shown: string) => overTrpc(stack.gatewayUrl, getMe, shown),
    (shown: string) => overRest(stack.gatewayUrl, getMe, shown),
    (shown: string) => overGraphql(shown),
  ]
  for (const [what, forged] of bad) {
    const answers = await Promise.all(faces.map((face) => face(forged)))
    expect([what, ...answers.map(({ status }) => status)]).toEqual([what, 401, 401, 401])
  }
})

const overGraphql = (token: string, query = '{ identityGetMe { id } }') =>
  ask(`${stack.gatewayUrl}/graphql`, { token, body: { query } })

test('staff who proved long ago who they are cancel nobody’s order, by no face; its owner does', async () => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  const token = await accessToken({ ...actorOf('staff'), provedAt: now() - 3_600 })
  const { gatewayUrl } = stack
  const answers = await Promise.all([
    ask(`${gatewayUrl}/v1/orders/${orderId}/cancel`, { token, body: {} }),
    ask(`${gatewayUrl}/trpc/orders.cancelOrder`, { token, body: { orderId } }),
    ask(`${gatewayUrl}/trpc/orders.cancelOrder?batch=1`, { token, body: { 0: { orderId } } }),
    overGraphql(token, `mutation { ordersCancelOrder(orderId: "${orderId}") { id } }`),
  ])
  for (const { text } of answers) expect(text).toContain('"REAUTHENTICATION_REQUIRED"')
  expect(answers.slice(0, 3).map(({ status }) => status)).toEqual([401, 401, 401])
  expect(await stack.shop('orders', 'getOrder', { orderId }, { token })).toMatchObject({ status: 'received' })
  const cancelled = await stack.shop('orders', 'cancelOrder', { orderId }, { token: shopper.token })
  expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: 'customer' })
})

describe.each(operations)('$path at its service', (operation) => {
  const { service, declaration } = operation

  test.each(callers)(
    'judges a caller who is, or holds, %s again, whatever the edge thought',
    async (caller) => {
      const actor = actorOf(caller)
      const answer = await overTrpc(
        baseOf(service),
        operation,
        await genuine(actorTokenOf(gateway, service, actor)),
      )
      expect(codeOf(answer)).toBe(codes[judge(declaration, actor, edge())])
    },
  )

  test('lets another service in as its contract says', async () => {
    const actor: Actor = { kind: 'service', id: 'neighbour', scopes: [] }
    const token = await genuine(actorTokenOf(neighbour, service, actor, 'neighbour'))
    const answer = await overTrpc(baseOf(service), operation, token)
    expect(codeOf(answer)).toBe(codes[judge(declaration, actor, { viaService: true, now: new Date() })])
  })

  test('answers 401 to a person’s own token and to none', async () => {
    const status = declaration.kind === 'subscription' ? 200 : 401
    for (const token of [undefined, tokens.get('admin')]) {
      const answer = await overTrpc(baseOf(service), operation, token)
      expect([answer.status, codeOf(answer)]).toEqual([status, 'UNAUTHENTICATED'])
    }
  })
})

describe.each(Object.keys(services))('%s', (service) => {
  const reading = operations.find(
    (operation) => operation.service === service && operation.declaration.kind === 'query',
  )

  test('takes the genuine actor token, and none of the forged ones', async () => {
    if (reading === undefined) throw new Error(`${service} answers no query`)
    const of = actorTokenOf(gateway, service, actorOf('admin'))
    const taken = await overTrpc(baseOf(service), reading, await genuine(of))
    expect(codeOf(taken)).not.toBe('UNAUTHENTICATED')
    const other = service === 'orders' ? 'carts' : 'orders'
    const forged = new Map([
      ...(await forgeries(of)),
      ['a token for another service', await genuine(actorTokenOf(gateway, other, actorOf('admin')))],
      ['an issuer that does not own the key', await genuine({ ...of, ...pick(neighbour) })],
      ['no id', await genuine({ ...of, claims: { ...of.claims, jti: undefined } })],
      ['a person’s token', await accessToken(actorOf('admin'))],
    ])
    expect(forged.size).toBeGreaterThan(40)
    for (const [what, token] of forged) {
      const answer = await overTrpc(baseOf(service), reading, token)
      expect([what, answer.status, codeOf(answer)]).toEqual([what, 401, 'UNAUTHENTICATED'])
    }
  })
})

/** Signs with another's key, under that one's name. */
const pick = ({ kid, privateKey, publicKey }: Registered) => ({
  privateKey,
  publicKey,
  header: { typ: 'int+jwt', kid },
})
