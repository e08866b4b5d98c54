import { afterAll, beforeAll, expect, test } from 'bun:test'
import { repository } from '@comptoir/dev/install'
import { decodeProtectedHeader } from 'jose'
import { enter, fillCart, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { gather, type Crowd } from './crowd.ts'

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ scale: { identity: 2 }, onHand: 100_000 })
}, 90_000)
afterAll(() => stack?.stop(), 60_000)

/** Has another key sign at once, before any gateway has heard of it; its kid. */
const rotate = async (): Promise<string> => {
  const child = Bun.spawn([process.execPath, 'services/identity/src/keys-cli.ts', 'rotate', '--now'], {
    cwd: repository,
    env: {
      ...process.env,
      DATABASE_URL: stack.databaseUrl,
      KEY_ENCRYPTION_SECRET: stack.secrets.keyEncryptionSecret,
    },
  })
  const [told, code] = [await new Response(child.stdout).text(), await child.exited]
  expect(code).toBe(0)
  return told.split(' ')[0] ?? ''
}

/** Shoppers without patience, each with a token of their own: whoever is refused anything at all fails the test. */
const shoppers = (): Crowd =>
  gather(3, async (nth) => {
    const product = stack.products[nth % 2]
    if (product === undefined) throw new Error('There is nothing to buy')
    const shopper = await enter(stack.shop)
    await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
    await place(stack.shop, shopper)
  })

const signerOf = (token: string) => decodeProtectedHeader(token).kid

/** Both instances are asked by turns: so many tokens of the key in a row say that both have noticed. */
const untilAllSignWith = (kid: string, crowd: Crowd) =>
  until('every instance signs with the next key', async () => {
    const guests = await Promise.all(Array.from({ length: 10 }, () => enter(stack.shop)))
    return crowd.failed.aborted || guests.every(({ token }) => signerOf(token) === kid) || undefined
  })

test('the signing key changes at once under load, twice, and no request fails, whatever key its token has', async () => {
  const old = await enter(stack.shop)
  const crowd = shoppers()
  for (let turn = 0; turn < 2 && !crowd.failed.aborted; turn += 1) {
    const kid = await rotate()
    expect(kid).not.toBe(signerOf(old.token) ?? '')
    await untilAllSignWith(kid, crowd)
    const served = crowd.served()
    await until('purchases go on', () => crowd.served() >= served + 3 || crowd.failed.aborted || undefined)
  }
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  await stack.shop('carts', 'getCart', {}, { token: old.token })
}, 60_000)
