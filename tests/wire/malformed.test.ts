// Ten thousand requests with something wrong: none is done, none harms, and each is told so in the one way there is.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { ask } from '../journeys/ask.ts'
import { inLanes } from '../journeys/in-lanes.ts'
import { rowPrints } from '../journeys/row-prints.ts'
import { openDatabases } from '../stack/databases.ts'
import { breachesAtRest } from '../stack/invariants.ts'
import { enter } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { createChance } from './chance.ts'
import { createMemoryWatch } from './gateway-memory.ts'
import { faultIn } from './judge-answer.ts'
import { drawMalformed } from './malformed-requests.ts'
import type { Malformed } from './wrong-content.ts'
import { speak } from './speak.ts'

const count = 10_000
const rounds = 4
const lanes = 16

const memory = createMemoryWatch()
let stack: TestStack
let callers: readonly { readonly token: string | undefined }[]
let prints: Record<string, string>
const chance = createChance()

beforeAll(async () => {
  stack = await startTestStack({ env: { gateway: memory.env } })
  const guest = (await enter(stack.shop)).token
  const account = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Hopper' }
  const customer = (await stack.shop('identity', 'register', account)).accessToken
  callers = [undefined, guest, customer, stack.staffToken].map((token) => ({ token }))
  // A first look makes the cart; from here on nothing changes any more.
  for (const token of [guest, customer, stack.staffToken]) await stack.shop('carts', 'getCart', {}, { token })
  expect(await breachesAtRest(stack)).toEqual([])
  prints = await allPrints()
})
afterAll(() => stack?.stop().finally(memory.stop))

const allPrints = async () => {
  await using databases = openDatabases(stack.databaseUrl)
  return await rowPrints(databases)
}

const send = async ({ path, asking }: Malformed): Promise<string | undefined> => {
  const url = new URL(`${stack.gatewayUrl}${path}`)
  const answer = await ask(url.href, asking)
  const fault = faultIn(answer, url.pathname)
  return fault === undefined ? undefined : `${asking.method ?? ''} ${path.slice(0, 200)}: ${fault}`
}

describe(`of ${count} malformed requests (FUZZ_SEED=${chance.seed})`, () => {
  test('each is answered below 500, in the shape of its face, with nothing of our inside', async () => {
    const requests = () =>
      Array.from({ length: count / rounds }, () => drawMalformed(chance, chance.pick(callers).token))
    const gateway = stack.processes.get('gateway')
    const pid = gateway.pid()
    const faults: (string | undefined)[] = []
    for (let round = 0; round < rounds; round += 1) {
      faults.push(...(await inLanes(lanes, requests(), send)))
      await memory.look(gateway)
    }
    expect(faults.filter((fault) => fault !== undefined).slice(0, 5)).toEqual([])
    expect(gateway.pid()).toBe(pid)
  })

  test('none leaves anything behind: the gateway takes no more than a tenth above what it took after the first quarter', () => {
    const [before, , , end] = memory.looks
    console.log(
      `the gateway kept ${JSON.stringify(before)} after a quarter and ${JSON.stringify(end)} at the end`,
    )
    expect(end?.heap).toBeLessThan((before?.heap ?? 0) * 1.1)
    expect(end?.rss).toBeLessThan((before?.rss ?? 0) * 1.1)
  })

  test('none changed a row', async () => {
    expect(await allPrints()).toEqual(prints)
  })
})

test('bytes that are no request are refused or cut off, and the gateway goes on', async () => {
  const pid = stack.processes.get('gateway').pid()
  const garbage = Array.from({ length: 300 }, () => {
    const noise = Uint8Array.from({ length: 1 + chance.below(400) }, () => chance.below(256))
    const whole = `POST /v1/auth/guest HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`
    const at = chance.below(whole.length - 2)
    return chance.pick([
      [noise],
      [`GET / HTTP/1.1\r\nHost: a\r\n`, noise, '\r\n\r\n'],
      [`${whole.slice(0, at)}\0${whole.slice(at + 1, -1)}`],
      [Uint8Array.from([0x16, 0x03, 0x01, 0x02, 0x00]), noise],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ])
  })
  const told = await inLanes(32, garbage, (pieces) => speak(stack.gatewayUrl, pieces, { withinMs: 100 }))
  const statuses = told.flatMap(({ answers }) => answers.map(({ status }) => status))
  expect(statuses.filter((status) => (status < 400 || status >= 500) && status !== 505)).toEqual([])
  expect(stack.processes.get('gateway').pid()).toBe(pid)
  expect((await ask(`${stack.gatewayUrl}/readyz`)).status).toBe(200)
  expect(await allPrints()).toEqual(prints)
})
