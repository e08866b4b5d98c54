// REST as third parties use it: answers that need not be sent again, and writes that lose nobody's change.
import { beforeAll, describe, expect, test } from 'bun:test'
import { Product } from '@comptoir/contracts/catalog/model'
import { enter } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { SeededProduct, TestStack } from '../stack/test-stack.ts'
import { ask } from './ask.ts'

let stack: TestStack
let mug: SeededProduct
let guest: string
beforeAll(async () => {
  stack = await sharedStack()
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  mug = product
  guest = (await enter(stack.shop)).token
})

const at = (path: string, asking: Parameters<typeof ask>[1] = {}) => ask(`${stack.gatewayUrl}${path}`, asking)
const tagOf = ({ headers }: { headers: Headers }): string => headers.get('etag') ?? 'none'
const productPath = async (): Promise<string> =>
  `/v1/products/${Product.parse((await at(`/v1/products/${mug.slug}`)).body).id}`

describe('a public read', () => {
  test('is not sent again to a client that has it, until it changes', async () => {
    const path = await productPath()
    const first = await at(path)
    const tag = tagOf(first)
    expect(tag).toMatch(/^"v\d+\./)
    const same = await at(path, { headers: { 'if-none-match': tag } })
    expect([same.status, same.text, tagOf(same)]).toEqual([304, '', tag])
    await at(path, { method: 'PATCH', token: stack.staffToken, body: { description: 'Holds 300 ml' } })
    const changed = await at(path, { headers: { 'if-none-match': tag } })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({ description: 'Holds 300 ml' })
    expect(tagOf(changed)).not.toBe(tag)
  })

  test('is sent in full to whoever shows a credential', async () => {
    const path = await productPath()
    const headers = { 'if-none-match': tagOf(await at(path)) }
    const { status, headers: told } = await at(path, { headers, token: guest })
    expect([status, told.get('cache-control')]).toEqual([200, 'no-store'])
  })
})

describe('a write for what was read', () => {
  test('of a product goes in once; whoever read the same before is refused and changes nothing', async () => {
    const { staffToken: token } = stack
    const path = await productPath()
    const headers = { 'if-match': tagOf(await at(path)) }
    const rename = (name: string) => at(path, { method: 'PATCH', token, headers, body: { name } })
    const answers = await Promise.all(['Red mug', 'Green mug', 'Grey mug', 'Black mug'].map(rename))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, 412, 412, 412])
    const winner = answers.find(({ status }) => status === 200)
    const refused = answers.find(({ status }) => status === 412)
    expect(refused?.body).toMatchObject({ code: 'PRECONDITION_FAILED', status: 412, instance: path })
    expect(refused?.headers.get('content-type')).toBe('application/problem+json')
    expect((await at(path)).body).toEqual(winner?.body)

    const next = { 'if-match': winner?.headers.get('etag') ?? '' }
    const again = await at(path, { method: 'PATCH', token, headers: next, body: { name: mug.name } })
    expect([again.status, again.body]).toMatchObject([200, { name: mug.name }])
  })

  test('of a product that is nowhere is not found, whatever the tag', async () => {
    const path = '/v1/products/01900000-0000-7000-8000-000000000000'
    const headers = { 'if-match': '"v1.a"' }
    const { status } = await at(path, {
      method: 'PATCH',
      token: stack.staffToken,
      headers,
      body: { name: 'X' },
    })
    expect(status).toBe(404)
  })

  test('of one’s profile goes by the tag of the profile', async () => {
    const email = `ada.${crypto.randomUUID()}@example.com`
    const account = { email, password: 'a long enough password', name: 'Ada' }
    const { accessToken: token } = await stack.shop('identity', 'register', account)
    const headers = { 'if-match': tagOf(await at('/v1/me', { token })) }
    const rename = (name: string) => at('/v1/me', { method: 'PATCH', token, headers, body: { name } })
    expect((await rename('Ada L.')).status).toBe(200)
    expect((await rename('Countess')).status).toBe(412)
    expect((await at('/v1/me', { token })).body).toMatchObject({ name: 'Ada L.' })
  })

  test('of a cart goes by the tag of the cart, for PUT, PATCH and DELETE', async () => {
    const { token, contact } = await enter(stack.shop)
    const line = `/v1/cart/lines/${mug.variantId}`
    const added = await at('/v1/cart/lines', { token, body: { variantId: mug.variantId, quantity: 1 } })
    const old = { 'if-match': tagOf(added) }
    const set = await at(line, { method: 'PATCH', token, headers: old, body: { quantity: 2 } })
    expect(set.status).toBe(200)
    const address = { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' }
    const late = [
      await at(line, { method: 'PATCH', token, headers: old, body: { quantity: 3 } }),
      await at(line, { method: 'DELETE', token, headers: old }),
      await at('/v1/cart', { method: 'DELETE', token, headers: old }),
      await at('/v1/cart/address', { method: 'PUT', token, headers: old, body: { address, contact } }),
    ]
    expect(late.map(({ status }) => status)).toEqual([412, 412, 412, 412])
    expect((await at('/v1/cart', { token })).body).toMatchObject({ lines: [{ quantity: 2 }], address: null })
    const headers = { 'if-match': tagOf(set) }
    expect((await at(line, { method: 'DELETE', token, headers })).body).toMatchObject({ lines: [] })
  })

  test('says the version as a field over tRPC', async () => {
    const { token } = await enter(stack.shop)
    const cart = await stack.shop('carts', 'getCart', {}, { token })
    const { version } = cart
    await stack.shop('carts', 'clearCart', { version }, { token })
    const late = stack.shop('carts', 'clearCart', { version }, { token })
    expect(await late.catch((error: unknown) => error)).toMatchObject({
      data: { code: 'PRECONDITION_FAILED', httpStatus: 412 },
    })
  })
})
