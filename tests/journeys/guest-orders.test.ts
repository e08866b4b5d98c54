// A guest who becomes a customer: what they bought is theirs once they have proved the address that they bought it with.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import { mailsTo } from '@comptoir/dev/demo/sandbox'
import { breachesAtRest } from '../stack/invariants.ts'
import { awaitStatus, enter, fillCart, pay, place, type Shopper } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack?.stop())

/** A guest's order that is paid and has its shipment. */
const buy = async (): Promise<{ guest: Shopper; orderId: OrderId }> => {
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  const guest = await enter(stack.shop)
  await fillCart(stack.shop, guest, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, guest)
  await pay(stack, guest, orderId)
  await awaitStatus(stack, { token: guest.token, orderId }, 'confirmed')
  await until(
    'the shipment is planned',
    async () => (await seenBy(guest.token, orderId)).shipments || undefined,
  )
  return { guest, orderId }
}

const register = async ({ token, contact: { email } }: Shopper): Promise<string> => {
  const body = { email, password: 'a long enough password', name: 'Grace Hopper' }
  const answer = await ask(`${stack.gatewayUrl}/v1/auth/register`, { token, body })
  expect(answer.status).toBe(201)
  return (answer.body as { accessToken: string }).accessToken
}

/** The token of the letter that came to an address. */
const letterTo = (email: string): Promise<string> =>
  until('the letter with the link has come', async () => {
    const mails = await mailsTo(stack.sandboxUrl, email)
    return mails.flatMap(({ text }) => /verify-email#token=(\S+)/.exec(text ?? '')?.[1] ?? [])[0]
  })

/** Follows the link of a letter as somebody, or as nobody. */
const verify = async (letter: string, token?: string): Promise<number> => {
  const body = { token: letter }
  return (await ask(`${stack.gatewayUrl}/v1/auth/email/verify`, { token, body })).status
}

/** What somebody sees of an order. */
const seenBy = async (token: string, orderId: OrderId) => {
  const path = `${stack.gatewayUrl}/v1/orders/${orderId}`
  const { items } = await stack.shop('delivery', 'listShipments', { orderId }, { token })
  return {
    order: (await ask(path, { token })).status,
    payment: (await ask(`${path}/payment`, { token })).status,
    shipments: items.length,
  }
}
const everything = { order: 200, payment: 200, shipments: 1 }
const nothing = { order: 404, payment: 404, shipments: 0 }

test('a guest’s order, payment and shipment are the account’s that proves the address, and nobody else’s', async () => {
  const [mine, other] = [await buy(), await buy()]
  const account = await register(mine.guest)
  const unproved = await register(other.guest)
  expect(await seenBy(account, mine.orderId)).toEqual(nothing)

  // A link that is followed without a word of whose account it is gives a stranger nothing.
  const letter = await letterTo(mine.guest.contact.email)
  expect([await verify(letter), await verify(letter, unproved)]).toEqual([401, 410])
  expect(await seenBy(account, mine.orderId)).toEqual(nothing)
  expect(await verify(letter, account)).toBe(204)
  await until('all of the order is the account’s', async () =>
    Bun.deepEquals(await seenBy(account, mine.orderId), everything) ? true : undefined,
  )
  const { items } = await stack.shop('orders', 'listOrders', {}, { token: account })
  expect(items.map(({ id }) => id)).toEqual([mine.orderId])
  expect(await seenBy(mine.guest.token, mine.orderId)).toEqual(nothing)

  expect(await seenBy(account, other.orderId)).toEqual(nothing)
  expect(await seenBy(unproved, other.orderId)).toEqual(nothing)
  expect(await seenBy(other.guest.token, other.orderId)).toEqual(everything)
  // The letters of the account come to the same address as those of the order, which are counted.
  const breaches = (await breachesAtRest(stack)).filter((breach) => !breach.includes('e-mails instead of'))
  expect(breaches).toEqual([])
})
