import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { carts } from '@comptoir/contracts/carts/procedures'
import type { VariantId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { customerActor, guestActor, serviceActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { createFakeShop, gbp } from './fake-shop.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const shop = createFakeShop()
const { expectRefusal, unseen } = refusals(carts)
const starting = startTestService(app(config), { clients: shop.clients })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const address = { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' }
const contact = { email: 'ada@example.org' }
const unitsOf = (lines: readonly { variantId: VariantId; quantity: number }[]) =>
  Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity]))
const add = (actor: Actor, variantId: VariantId, quantity = 1) =>
  service.as(actor).addLine({ variantId, quantity })

describe('reading a cart', () => {
  test('a shopper who never had one reads an empty one, the same every time', async () => {
    const guest = guestActor()
    const first = await service.as(guest).getCart({})
    expect(first).toMatchObject({ version: 1, lines: [], totals: { total: gbp(0) } })
    expect(first.problems.map(({ code }) => code)).toContain('CART_EMPTY')
    expect(await service.as(guest).getCart({})).toEqual(first)
  })

  test('twenty first reads at once make one cart', async () => {
    const guest = guestActor()
    const read = await Promise.all(Array.from({ length: 20 }, () => service.as(guest).getCart({})))
    expect(new Set(read.map(({ id }) => id)).size).toBe(1)
  })

  test('prices it afresh and shows what stands in the way of an order', async () => {
    const customer = customerActor()
    const [mug, lamp, gone] = [shop.sell(), shop.sell({ available: 5 }), shop.sell({ name: 'Gone' })]
    await add(customer, mug)
    await add(customer, lamp, 3)
    await add(customer, gone)
    shop.change(mug, { price: gbp(1_200) })
    shop.change(lamp, { available: 2 })
    shop.forget(gone)
    const cart = await service.as(customer).getCart({})
    expect(cart.totals.subtotal).toEqual(gbp(1_200 + 3_000))
    expect(cart.problems).toEqual([
      { code: 'SHORT_OF_STOCK', variantId: lamp, requested: 3, available: 2 },
      { code: 'UNAVAILABLE', variantId: gone },
      { code: 'ADDRESS_MISSING' },
      { code: 'DELIVERY_OPTION_MISSING' },
    ])
    expect(cart.lines[2]).toMatchObject({ name: 'Gone', total: gbp(0) })
  })

  test('staff shop like anybody else, and each actor has a cart of their own', async () => {
    const [staff, other] = [staffActor(), staffActor()]
    await add(staff, shop.sell())
    expect((await service.as(staff).getCart({})).lines).toHaveLength(1)
    expect((await service.as(other).getCart({})).lines).toHaveLength(0)
  })

  test('a service that acts by itself has no cart', () =>
    expect(service.as(serviceActor('orders')).snapshot({})).rejects.toMatchObject({ code: 'FORBIDDEN' }))
})

describe('a change for the version that was read', () => {
  test('is refused once somebody else has changed the cart, whatever it changes, and changes nothing', async () => {
    const guest = guestActor()
    const me = service.as(guest)
    const mug = shop.sell()
    const { version } = await add(guest, mug, 2)
    const changed = await me.setLineQuantity({ variantId: mug, quantity: 3, version })
    expect(changed.version).toBe(version + 1)
    const late = [
      () => me.setLineQuantity({ variantId: mug, quantity: 9, version }),
      () => me.removeLine({ variantId: mug, version }),
      () => me.clearCart({ version }),
      () => me.setAddress({ address, contact, version }),
      () => me.setDeliveryOption({ code: 'standard', version }),
    ]
    for (const change of late) await expect(change()).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
    expect(await me.getCart({})).toEqual(changed)
  })

  test('goes in for one of twenty who have read the same', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    const { version } = await add(guest, mug)
    const set = (quantity: number) => service.as(guest).setLineQuantity({ variantId: mug, quantity, version })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => set(index + 2)))
    const won = outcomes.filter(({ status }) => status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect((await service.as(guest).getCart({})).version).toBe(version + 1)
  })
})

describe('adding to a cart', () => {
  test('asks the catalogue once and answers the priced cart', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    const before = shop.asked.quotes.length
    const cart = await add(guest, mug, 2)
    expect(shop.asked.quotes.length - before).toBe(1)
    expect(cart).toMatchObject({ version: 1, lines: [{ variantId: mug, quantity: 2, total: gbp(2_000) }] })
    expect(await add(guest, mug, 3)).toMatchObject({
      version: 2,
      lines: [{ quantity: 5, total: gbp(5_000) }],
    })
  })

  test('fifty times at once, all of them count, whether of one variant or of several', async () => {
    const guest = guestActor()
    const variants = [shop.sell(), shop.sell(), shop.sell(), shop.sell(), shop.sell()]
    const turns = Array.from({ length: 50 }, (_, turn) => variants[turn % variants.length])
    const answers = await Promise.all(
      turns.flatMap((variant) => (variant === undefined ? [] : [add(guest, variant)])),
    )
    const cart = await service.as(guest).getCart({})
    expect(unitsOf(cart.lines)).toEqual(Object.fromEntries(variants.map((variant) => [variant, 10])))
    expect(cart.version).toBe(50)
    expect(new Set(answers.map(({ version }) => version)).size).toBe(50)
  })

  test('with delivery chosen, answers at once still carry the delivery price of their own total', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    await service.as(guest).setDeliveryOption({ code: 'standard' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(guest, mug)))
    for (const { totals } of answers) {
      expect(totals.delivery).toEqual(gbp(totals.subtotal.amountMinor >= 5_000 ? 0 : 395))
    }
    expect((await service.as(guest).getCart({})).lines[0]?.quantity).toBe(10)
  })

  test('repeated with its key, counts once and answers the same', async () => {
    const guest = guestActor()
    const line = { variantId: shop.sell(), quantity: 1 }
    const key = { idempotencyKey: `key-${systemIds.next()}` }
    const first = await service.as(guest).addLine(line, key)
    expect(await service.as(guest).addLine(line, key)).toEqual(first)
    expect((await service.as(guest).getCart({})).lines[0]?.quantity).toBe(1)
  })

  test('refuses what is not on sale', async () => {
    for (const variantId of [systemIds.next<VariantId>(), shop.sell({ sellable: false })]) {
      await expectRefusal(add(guestActor(), variantId), 'addLine', 'VARIANT_NOT_FOUND')
    }
  })

  test('refuses more than 10,000 units of a line and more than 100 lines', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    await add(guest, mug, 10_000)
    await expectRefusal(add(guest, mug), 'addLine', 'CART_FULL')
    for (let lines = 1; lines < 100; lines += 1) await add(guest, shop.sell())
    await expectRefusal(add(guest, shop.sell()), 'addLine', 'CART_FULL')
    expect((await service.as(guest).getCart({})).lines).toHaveLength(100)
  })

  test('at the limit, only as many of those that come at once get in as there is room for', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    await add(guest, mug, 9_995)
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => add(guest, mug)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect((await service.as(guest).getCart({})).lines[0]?.quantity).toBe(10_000)
  })
})

describe('changing a cart', () => {
  test('a line’s quantity is set, and the line taken out', async () => {
    const guest = guestActor()
    const [mug, lamp] = [shop.sell(), shop.sell()]
    await add(guest, mug)
    await add(guest, lamp)
    const set = await service.as(guest).setLineQuantity({ variantId: mug, quantity: 7 })
    expect(set).toMatchObject({ version: 3, lines: [{ variantId: mug, quantity: 7 }, { variantId: lamp }] })
    const removed = await service.as(guest).removeLine({ variantId: mug })
    expect(removed).toMatchObject({ version: 4, lines: [{ variantId: lamp }] })
    expect(removed.lines).toHaveLength(1)
  })

  test('clearing keeps the address and forgets the lines', async () => {
    const guest = guestActor()
    await add(guest, shop.sell())
    await service.as(guest).setAddress({ address, contact })
    expect(await service.as(guest).clearCart({})).toMatchObject({ version: 3, lines: [], address })
  })

  test('refuses to touch a line that is not there', async () => {
    const guest = guestActor()
    const mug = shop.sell()
    const nothing = { variantId: mug, quantity: 1 }
    await expectRefusal(service.as(guest).setLineQuantity(nothing), 'setLineQuantity', 'LINE_NOT_FOUND')
    await expectRefusal(service.as(guest).removeLine({ variantId: mug }), 'removeLine', 'LINE_NOT_FOUND')
    expect((await service.as(guest).getCart({})).version).toBe(1)
  })
})

describe('delivering a cart', () => {
  test('address and option make it ready, and the snapshot is what the shopper sees', async () => {
    const customer = customerActor()
    await add(customer, shop.sell(), 2)
    await service.as(customer).setAddress({ address, contact })
    const ready = await service.as(customer).setDeliveryOption({ code: 'standard' })
    expect(ready.problems).toEqual([])
    expect(ready.totals).toEqual({
      currency: 'GBP',
      subtotal: gbp(2_000),
      delivery: gbp(395),
      tax: gbp(333 + 66),
      total: gbp(2_395),
    })
    expect(ready).toMatchObject({ address, contact, deliveryOption: { code: 'standard' } })
    expect(await service.as(customer).getCart({})).toEqual(ready)
  })

  test('an option that the address does not get is refused, and one that it no longer gets is a problem', async () => {
    const guest = guestActor()
    await add(guest, shop.sell())
    const drone = service.as(guest).setDeliveryOption({ code: 'drone' })
    await expectRefusal(drone, 'setDeliveryOption', 'DELIVERY_OPTION_NOT_OFFERED')
    await service.as(guest).setDeliveryOption({ code: 'standard' })
    const abroad = await service.as(guest).setAddress({ address: { ...address, country: 'US' }, contact })
    expect(abroad.problems).toEqual([{ code: 'DELIVERY_OPTION_NOT_OFFERED', option: 'standard' }])
    expect(abroad.totals.delivery).toEqual(gbp(0))
  })
})

test('every error that the contract declares was seen', () => expect(unseen()).toEqual([]))
