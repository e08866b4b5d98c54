// Who may call what: every operation of every contract, at the edge and at the services behind it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous, judge, refusals, scopesOfKind, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose'
import { openDatabases, type Databases } from '../stack/databases.ts'
import { enter } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { ask, type Answer } from './ask.ts'
import { registeredUrls, registerKey, type Registered } from './registered.ts'

const operations = Object.entries(services).flatMap(([service, contract]) =>
  Object.entries<ProcedureContract>(contract).map(([name, declaration]) => ({
    path: `${service}.${name}`,
    service,
    declaration,
  })),
)

let stack: TestStack
let urls: ReadonlyMap<string, string>
/** Keys that the processes believe: one of the gateway, one of another service. */
let gateway: Registered
let neighbour: Registered
const tokens: Record<string, string | undefined> = {}

beforeAll(async () => {
  // Without a secret the signing key lies open in the database: an expired token can be made of it.
  stack = await startTestStack({ env: { identity: { KEY_ENCRYPTION_SECRET: '' } } })
  urls = await registeredUrls(stack.natsUrl)
  gateway = await registerKey(stack.natsUrl, 'gateway')
  neighbour = await registerKey(stack.natsUrl, 'neighbour')
  tokens['guest'] = (await enter(stack.shop)).token
  const account = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Hopper' }
  tokens['customer'] = (await stack.shop('identity', 'register', account)).accessToken
  tokens['admin'] = stack.staffToken
  tokens['staff'] = await hire('joan@example.com')
  bad['no token of ours'] = 'garbage'
  bad['an expired token'] = await accessToken({ exp: now() - 1 })
  bad['a token for others'] = await accessToken({ aud: 'elsewhere' })
  bad['a token of another issuer'] = await accessToken({ iss: 'elsewhere' })
  // The same by the same hand, only good: what is refused above is refused for what it says.
  expect((await overTrpc(stack.gatewayUrl, getMe, await accessToken({}))).status).toBe(400)
})
afterAll(() => stack?.stop())

/** Credentials that are none; whoever shows one is refused, also where none is needed. */
const bad: Record<string, string> = {}

const identityDatabase = async <T>(work: (sql: Databases['identity']) => Promise<T>): Promise<T> => {
  await using databases = openDatabases(stack.databaseUrl)
  return await work(databases.identity)
}

/** A member of staff. There is no operation that makes one. */
const hire = async (email: string): Promise<string> => {
  const account = { email, password: 'a long enough password', name: 'Joan Clarke' }
  await stack.shop('identity', 'register', account)
  await identityDatabase((sql) => sql`update users set role = 'staff' where email = ${email}`)
  const { password } = account
  return (await stack.shop('identity', 'login', { email, password })).accessToken
}

/** An administrator’s access token as identity would sign it, with other claims. */
const accessToken = async (claims: object): Promise<string> => {
  const [key] = await identityDatabase(
    (sql) => sql<{ kid: string; jwk: string }[]>`select kid, private_key as jwk from signing_keys`,
  )
  if (key === undefined) throw new Error('identity has no key')
  const times = { iat: now() - 60, exp: now() + 60 }
  const sub = {
    sub: crypto.randomUUID(),
    kind: 'admin',
    scopes: scopesOfKind.admin,
    jti: crypto.randomUUID(),
  }
  return new SignJWT({ iss: 'comptoir', aud: 'comptoir', ...sub, ...times, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .sign(await importJWK(JSON.parse(key.jwk) as JWK, 'ES256'))
}

const callers = ['anonymous', 'guest', 'customer', 'staff', 'admin'] as const
type Caller = (typeof callers)[number]

const actorOf = (kind: Caller): Actor =>
  kind === 'anonymous'
    ? anonymous
    : { kind, id: crypto.randomUUID(), scopes: [...scopesOfKind[kind]], ...proofOf(kind) }

/** Of a guest nothing is known that could be proved. */
const proofOf = (kind: Caller) => (kind === 'guest' ? {} : { provedAt: now() })

const getMe = { path: 'identity.getMe', service: 'identity', declaration: services.identity.getMe }

/** No contract takes this input, so that whoever is let in is told so, and nothing happens. */
const badInput = { 'no such field': 1 }

const statuses: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  REAUTHENTICATION_REQUIRED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_INPUT: 400,
}
const codes = { ...refusals, allowed: 'INVALID_INPUT' }

/** On tRPC a stream that is refused begins all the same, because an EventSource could not read another answer. */
const codeOf = ({ body, text }: Answer): unknown => {
  const refusal = /^event: serialized-error\ndata: (.*)$/m.exec(text)?.[1]
  const told = (refusal === undefined ? body : { error: JSON.parse(refusal) as unknown }) as
    | { code?: unknown; error?: { data?: { code?: unknown } } }
    | undefined
  return told?.error?.data?.code ?? told?.code
}

const overTrpc = (base: string, operation: (typeof operations)[number], token: string | undefined) => {
  const url = `${base}/trpc/${operation.path}`
  const isWrite = operation.declaration.kind === 'mutation'
  const input = encodeURIComponent(JSON.stringify(badInput))
  return ask(isWrite ? url : `${url}?input=${input}`, { token, ...(isWrite ? { body: badInput } : {}) })
}

const overRest = ({ declaration: { http } }: (typeof operations)[number], token: string | undefined) => {
  const path = http?.path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000')
  const takesBody = http?.method !== 'GET' && http?.method !== 'DELETE'
  return ask(`${stack.gatewayUrl}${path}${takesBody ? '' : '?no%20such%20field=1'}`, {
    method: http?.method ?? 'GET',
    token,
    ...(takesBody ? { body: badInput } : {}),
  })
}

describe.each(operations)('$path at the edge', (operation) => {
  const { declaration } = operation
  test.each([...callers])('treats a caller who is %s as its contract says', async (caller) => {
    const code = codes[judge(declaration, actorOf(caller), { viaService: false, now: new Date() })]
    const answer = await overTrpc(stack.gatewayUrl, operation, tokens[caller])
    expect(codeOf(answer)).toBe(code)
    if (declaration.http === undefined) return
    const rest = await overRest(operation, tokens[caller])
    expect(codeOf(rest)).toBe(code)
    expect(rest.status).toBe(statuses[code] ?? 0)
    if (declaration.kind !== 'subscription') expect(answer.status).toBe(rest.status)
  })
})

describe.each(operations)('$path at the edge', (operation) => {
  test('refuses a credential that is none, whatever its contract says', async () => {
    expect(Object.keys(bad)).toHaveLength(4)
    for (const [what, token] of Object.entries(bad)) {
      const answer = await overTrpc(stack.gatewayUrl, operation, token)
      expect([what, answer.status, codeOf(answer)]).toEqual([what, 401, 'UNAUTHENTICATED'])
      if (operation.declaration.http === undefined) continue
      const rest = await overRest(operation, token)
      expect([what, rest.status, codeOf(rest)]).toEqual([what, 401, 'UNAUTHENTICATED'])
    }
  })
})

interface Claims {
  readonly iss?: string
  readonly aud?: string
  readonly exp?: number
  readonly actor?: Actor
}

const now = () => Math.floor(Date.now() / 1_000)

const claimsFor = (service: string, { iss = 'gateway', aud = service, exp = 60, actor }: Claims = {}) => {
  const { id, ...told } = actor ?? actorOf('admin')
  const times = { iat: now() - 1, exp: now() + exp }
  return { iss, aud, sub: id, ...told, jti: crypto.randomUUID(), ...times }
}

const actorToken = (key: Registered, claims: object, header: object = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'int+jwt', kid: key.kid, ...header })
    .sign(key.privateKey)

const baseOf = (service: string): string => urls.get(service) ?? ''

describe.each(operations)('$path at its service', (operation) => {
  const { service, declaration } = operation

  test.each([...callers])('judges a caller who is %s again, whatever the edge thought', async (caller) => {
    const actor = actorOf(caller)
    const token = await actorToken(gateway, claimsFor(service, { actor }))
    const answer = await overTrpc(baseOf(service), operation, token)
    expect(codeOf(answer)).toBe(codes[judge(declaration, actor, { viaService: false, now: new Date() })])
  })

  test('lets another service in as its contract says', async () => {
    const actor: Actor = { kind: 'service', id: 'neighbour', scopes: [] }
    const token = await actorToken(neighbour, claimsFor(service, { iss: 'neighbour', actor }))
    const answer = await overTrpc(baseOf(service), operation, token)
    expect(codeOf(answer)).toBe(codes[judge(declaration, actor, { viaService: true, now: new Date() })])
  })

  test('answers 401 to everything that is no actor token for it', async () => {
    const shared = new TextEncoder().encode(await exportSPKI(gateway.publicKey))
    const told = { typ: 'int+jwt', kid: gateway.kid }
    const claims = claimsFor(service)
    const other = service === 'orders' ? 'carts' : 'orders'
    const forgeries: Record<string, string | undefined> = {
      'no token': undefined,
      'a user’s access token': tokens['admin'],
      'another audience': await actorToken(gateway, claimsFor(service, { aud: other })),
      'an unknown key': await actorToken({ ...gateway, kid: `gateway.${crypto.randomUUID()}` }, claims),
      'another’s key': await actorToken({ ...neighbour, kid: gateway.kid }, claims),
      'an issuer that does not own the key': await actorToken(neighbour, claims),
      'no key': await actorToken(gateway, claims, { kid: undefined }),
      'no algorithm': new UnsecuredJWT(claims).encode(),
      'HS256 with the public key': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', ...told })
        .sign(shared),
      'an expired token': await actorToken(gateway, claimsFor(service, { exp: -1 })),
      'another type': await actorToken(gateway, claims, { typ: 'at+jwt' }),
      'no type': await actorToken(gateway, claims, { typ: undefined }),
      'no id': await actorToken(gateway, { ...claims, jti: undefined }),
      'a right that does not exist': await actorToken(gateway, { ...claims, scopes: ['everything'] }),
      'a kind that does not exist': await actorToken(gateway, { ...claims, kind: 'root' }),
    }
    const answers = await Promise.all(
      Object.entries(forgeries).map(async ([what, token]) => {
        const answer = await overTrpc(baseOf(service), operation, token)
        return [what, answer.status, codeOf(answer)]
      }),
    )
    const status = declaration.kind === 'subscription' ? 200 : 401
    expect(answers).toEqual(Object.keys(forgeries).map((what) => [what, status, 'UNAUTHENTICATED']))
  })
})
