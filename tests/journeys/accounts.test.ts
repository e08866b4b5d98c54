// People: a guest who signs in, sessions that are renewed, and a paid order that is given back.
import { beforeAll, describe, expect, test } from 'bun:test'
import { mailsTo } from '@comptoir/dev/demo/sandbox'
import { breachesAtRest } from '../stack/invariants.ts'
import { stripeLedger } from '../stack/provider-ledgers.ts'
import { awaitStatus, dispatch, enter, fillCart, pay, place, type Shopper } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { SeededProduct, TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask, type Answer } from './ask.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

const post = (path: string, body: object, token?: string): Promise<Answer> =>
  ask(`${stack.gatewayUrl}${path}`, { token, body })

const person = () => ({
  email: `grace.${crypto.randomUUID()}@example.com`,
  password: 'a long enough password',
  name: 'Grace Hopper',
})

interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  readonly kind: string
}

const session = ({ status, body }: Answer): Session => {
  expect(status).toBeLessThan(300)
  return body as Session
}

const products = (): [SeededProduct, SeededProduct] => {
  const [mug, towel] = stack.products
  if (mug === undefined || towel === undefined) throw new Error('There is too little to buy')
  return [mug, towel]
}

const linesOf = async (token: string): Promise<Record<string, number>> => {
  const { lines } = await stack.shop('carts', 'getCart', {}, { token })
  return Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity]))
}

const awaitLines = (token: string, wanted: Record<string, number>) =>
  until(`the cart holds ${JSON.stringify(wanted)}`, async () => {
    const lines = await linesOf(token)
    return Bun.deepEquals(lines, wanted) ? lines : undefined
  })

describe('a guest’s cart', () => {
  test('comes along into a new account', async () => {
    const [mug] = products()
    const { token } = await enter(stack.shop)
    await stack.shop('carts', 'addLine', { variantId: mug.variantId, quantity: 3 }, { token })
    const registered = session(await post('/v1/auth/register', person(), token))
    await awaitLines(registered.accessToken, { [mug.variantId]: 3 })
    expect(await linesOf(token)).toEqual({})
  })

  test('is merged into the cart that the account has, once, and the guest’s is empty after', async () => {
    const [mug, towel] = products()
    const somebody = person()
    const first = session(await post('/v1/auth/register', somebody))
    const account = { token: first.accessToken }
    await stack.shop('carts', 'addLine', { variantId: mug.variantId, quantity: 1 }, account)
    const { token } = await enter(stack.shop)
    await stack.shop('carts', 'addLine', { variantId: mug.variantId, quantity: 2 }, { token })
    await stack.shop('carts', 'addLine', { variantId: towel.variantId, quantity: 4 }, { token })
    const { email, password } = somebody
    const second = session(await post('/v1/auth/login', { email, password }, token))
    const merged = { [mug.variantId]: 3, [towel.variantId]: 4 }
    await awaitLines(second.accessToken, merged)
    await post('/v1/auth/login', { email, password }, token)
    expect(await breachesAtRest(stack)).toEqual([])
    expect(await linesOf(second.accessToken)).toEqual(merged)
    expect(await linesOf(token)).toEqual({})
  })
})

describe('a session', () => {
  test('is renewed with a refresh token that works once; a second use ends all of them', async () => {
    const first = session(await post('/v1/auth/register', person()))
    const second = session(await post('/v1/auth/refresh', { refreshToken: first.refreshToken }))
    expect(second.refreshToken).not.toBe(first.refreshToken)
    const me = await ask(`${stack.gatewayUrl}/v1/me`, { token: second.accessToken })
    expect(me.body).toMatchObject({ name: 'Grace Hopper', role: 'customer' })
    const again = await post('/v1/auth/refresh', { refreshToken: first.refreshToken })
    expect(again).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_INVALID' } })
    const stolen = await post('/v1/auth/refresh', { refreshToken: second.refreshToken })
    expect(stolen).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_INVALID' } })
  })

  test('of 20 renewals at once with one token has one winner at most', async () => {
    const { refreshToken } = session(await post('/v1/auth/register', person()))
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/v1/auth/refresh', { refreshToken })),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(19)
  })

  test('of a guest is renewed as the same guest, and ends with logout', async () => {
    const [mug] = products()
    const guest = session(await post('/v1/auth/guest', {}))
    const token = guest.accessToken
    await stack.shop('carts', 'addLine', { variantId: mug.variantId, quantity: 1 }, { token })
    const renewed = session(await post('/v1/auth/refresh', { refreshToken: guest.refreshToken }))
    expect(await linesOf(renewed.accessToken)).toEqual({ [mug.variantId]: 1 })
    const out = await post('/v1/auth/logout', { refreshToken: renewed.refreshToken })
    expect([out.status, out.text]).toEqual([204, ''])
    const after = await post('/v1/auth/refresh', { refreshToken: renewed.refreshToken })
    expect(after.status).toBe(401)
  })

  test('is not given for a wrong password, whether the account exists or not', async () => {
    const somebody = person()
    await post('/v1/auth/register', somebody)
    const wrong = await post('/v1/auth/login', { email: somebody.email, password: 'something else' })
    const nobody = await post('/v1/auth/login', { email: person().email, password: 'something else' })
    const told = ({ status, body }: Answer) => ({ status, ...(body as object), requestId: '' })
    expect(wrong.body).toMatchObject({ code: 'CREDENTIALS_INVALID', status: 401 })
    expect(told(wrong)).toEqual(told(nobody))
  })
})

describe('a paid order that is cancelled', () => {
  const paidOrder = async (): Promise<{
    shopper: Shopper
    order: Awaited<ReturnType<typeof awaitStatus>>
  }> => {
    const shopper = await enter(stack.shop)
    await fillCart(stack.shop, shopper, [{ product: products()[0], quantity: 2 }])
    const { id: orderId } = await place(stack.shop, shopper)
    await pay(stack, shopper, orderId)
    return { shopper, order: await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed') }
  }
  const available = async (): Promise<number> => {
    const { variantId } = products()[0]
    const level = await stack.shop('catalog', 'getStock', { variantId }, { token: stack.staffToken })
    return level.available
  }
  const refundsOf = async (orderId: string): Promise<number[]> => {
    const { intents, refunds } = await stripeLedger(stack.sandboxUrl)
    const own = intents.filter(({ metadata }) => metadata['orderId'] === orderId).map(({ id }) => id)
    return refunds.filter(({ intent }) => own.includes(intent ?? '')).map(({ amount }) => amount)
  }

  test('is refunded at the provider, its units are back, and the customer is told', async () => {
    const before = await available()
    const { shopper, order } = await paidOrder()
    expect(await available()).toBe(before - 2)
    const about = { token: shopper.token, orderId: order.id }
    const cancelled = await stack.shop('orders', 'cancelOrder', { orderId: order.id }, about)
    expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: 'customer' })
    await until('the money is back', async () => {
      const { paymentStatus } = await stack.shop('orders', 'getOrder', { orderId: order.id }, about)
      return paymentStatus === 'refunded' ? true : undefined
    })
    expect(await refundsOf(order.id)).toEqual([order.totals.total.amountMinor])
    await until('the units are back', async () => ((await available()) === before ? true : undefined))
    const subjects = await until('the customer is told', async () => {
      const mails = await mailsTo(stack.sandboxUrl, shopper.contact.email)
      return mails.length >= 4 ? mails.map(({ subject }) => subject) : undefined
    })
    // Received, confirmed, cancelled, refunded.
    expect(new Set(subjects).size).toBe(4)
    expect(await breachesAtRest(stack)).toEqual([])
  })

  test('ten times at once is refunded once', async () => {
    const { shopper, order } = await paidOrder()
    await Promise.allSettled(
      Array.from({ length: 10 }, () => post(`/v1/orders/${order.id}/cancel`, {}, shopper.token)),
    )
    expect(await breachesAtRest(stack)).toEqual([])
    expect(await refundsOf(order.id)).toEqual([order.totals.total.amountMinor])
  })

  test('cannot be cancelled any more once the carrier has it', async () => {
    const { shopper, order } = await paidOrder()
    await dispatch(stack, order.id)
    await awaitStatus(stack, { token: shopper.token, orderId: order.id }, 'shipped')
    const refused = await post(`/v1/orders/${order.id}/cancel`, {}, shopper.token)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_CANCELLABLE', data: { status: 'shipped' } },
    })
    expect(await refundsOf(order.id)).toEqual([])
  })
})
