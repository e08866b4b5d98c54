import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ask } from '../journeys/ask.ts'
import { cookieJar } from '../journeys/cookie-jar.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { elapse, until } from '../stack/until.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack({ env: { gateway: { REVOCATIONS_EVERY_MS: '50' } } })
}, 60_000)
afterAll(() => stack?.stop(), 60_000)

const outageMs = 35_000

test('those who are known are served while identity is stopped, and a key that is revoked then is none soon after', async () => {
  const at = (path: string) => `${stack.gatewayUrl}${path}`
  const jar = cookieJar()
  expect((await jar.ask(at('/session/createGuest'), { body: {} })).status).toBe(201)
  const machine = await stack.shop(
    'identity',
    'createApiKey',
    { name: 'Warehouse', scopes: ['orders:read'] },
    { token: stack.staffToken },
  )
  const byCookie = () => jar.ask(at('/v1/orders'))
  const byKey = () => ask(at('/v1/orders'), { token: machine.key })
  const statuses = async () => (await Promise.all([byCookie(), byKey()])).map(({ status }) => status)
  expect(await statuses()).toEqual([200, 200])
  const identity = stack.processes.get('identity').pid() ?? 0
  process.kill(identity, 'SIGSTOP')
  const answers: number[] = []
  try {
    const stoppedAt = performance.now()
    while (performance.now() - stoppedAt < outageMs) {
      answers.push(...(await statuses()))
      await elapse(50)
    }
  } finally {
    process.kill(identity, 'SIGCONT')
  }
  expect(new Set(answers)).toEqual(new Set([200]))
  // Whoever waited for identity, two seconds each time, would have come to a few dozen.
  expect(answers.length).toBeGreaterThan(200)
  await until(
    'the key is revoked',
    async () =>
      (await ask(at(`/v1/api-keys/${machine.id}`), { method: 'DELETE', token: stack.staffToken })).status ===
        204 || undefined,
  )
  await until('the edge has heard', async () => (await byKey()).status === 401 || undefined)
  expect((await byCookie()).status).toBe(200)
}, 120_000)
