// Guesses of a password, as the edge tells where they come from: each network has its own, and no stranger an owner's.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { ask, type Answer } from './ask.ts'
import { codeOf } from './operation-calls.ts'

let stack: TestStack

beforeAll(async () => {
  // So a test says for each request where it comes from.
  stack = await startTestStack({ env: { gateway: { TRUSTED_PROXIES: '1' } } })
}, 60_000)
afterAll(() => stack?.stop())

const password = 'a long enough password'

const from = (address: string, path: string, body: object): Promise<Answer> =>
  ask(`${stack.gatewayUrl}${path}`, { body, headers: { 'x-forwarded-for': address } })

const register = async (address: string): Promise<string> => {
  const email = `ada.${crypto.randomUUID()}@example.com`
  const answer = await from(address, '/v1/auth/register', { email, password, name: 'Ada' })
  expect(answer.status).toBe(201)
  return email
}

const overGraphql = ({ email, password }: { email: string; password: string }) => ({
  query:
    'mutation ($email: String!, $password: String!) { identityLogin(email: $email, password: $password) { kind } }',
  variables: { email, password },
})

/** By each face in turn, and by a batch. */
const ways = [
  (address: string, proof: Proof) => from(address, '/v1/auth/login', proof),
  (address: string, proof: Proof) => from(address, '/trpc/identity.login', proof),
  (address: string, proof: Proof) => from(address, '/trpc/identity.login?batch=1', { 0: proof }),
  (address: string, proof: Proof) => from(address, '/graphql', overGraphql(proof)),
]
interface Proof {
  readonly email: string
  readonly password: string
}

const outcome = (answer: Answer): string =>
  /CREDENTIALS_INVALID|LOGIN_THROTTLED/.exec(answer.text)?.[0] ?? answer.text

/** All at once. */
const guesses = async (email: string, addresses: readonly string[]): Promise<Record<string, number>> => {
  const answers = await Promise.all(
    addresses.map((address, index) =>
      ways[index % ways.length]?.(address, { email, password: 'a wrong guess' }),
    ),
  )
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const told = answer === undefined ? 'nothing' : outcome(answer)
    counts[told] = (counts[told] ?? 0) + 1
  }
  return counts
}

test('of two hundred guesses at once from one network ten are looked at, whatever face they come by', async () => {
  const email = await register('198.51.100.1')
  // All of one network of IPv6, which a customer has whole.
  const addresses = Array.from({ length: 200 }, (_one, index) => `2001:db8:0:7::${index.toString(16)}`)
  expect(await guesses(email, addresses)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 190 })
  const elsewhere = await from('2001:db8:0:8::1', '/v1/auth/login', { email, password })
  expect([elsewhere.status, codeOf(elsewhere)]).toEqual([200, undefined])
}, 60_000)

test('guesses from everywhere are a hundred, and keep the owner out nowhere where they have signed in', async () => {
  const email = await register('198.51.100.1')
  // In turns, because a hundred passwords take longer to look at than anybody waits for an answer.
  for (let turn = 0; turn < 5; turn += 1) {
    const addresses = Array.from({ length: 40 }, (_one, index) => `203.0.113.${2 * turn + (index % 2)}`)
    expect(await guesses(email, addresses)).toEqual({ CREDENTIALS_INVALID: 20, LOGIN_THROTTLED: 20 })
  }
  const away = await from('192.0.2.1', '/v1/auth/login', { email, password })
  expect([away.status, codeOf(away)]).toEqual([429, 'LOGIN_THROTTLED'])
  const atHome = await from('198.51.100.1', '/v1/auth/login', { email, password })
  expect([atHome.status, codeOf(atHome)]).toEqual([200, undefined])
}, 60_000)
