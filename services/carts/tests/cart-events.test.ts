import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { cartMerged } from '@comptoir/contracts/carts/events'
import type { Cart } from '@comptoir/contracts/carts/model'
import { occurred } from '@comptoir/contracts/event'
import { userSignedIn } from '@comptoir/contracts/identity/events'
import { type OrderId, UserId } from '@comptoir/contracts/ids'
import { orderReceived } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { systemIds } from '@comptoir/service-kit/ids'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { createFakeShop } from './fake-shop.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const shop = createFakeShop()
const starting = startTestService(app(config), { clients: shop.clients })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const address = { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' }
const contact = { email: 'ada@example.org' }
const read = (actor: Actor) => service.as(actor).getCart({})
const units = ({ lines }: Cart) => lines.map(({ variantId, quantity }) => [variantId, quantity])

/** A cart that can be ordered, of one mug. */
const readyCart = async (actor: Actor): Promise<Cart> => {
  await service.as(actor).addLine({ variantId: shop.sell(), quantity: 1 })
  await service.as(actor).setAddress({ address, contact })
  return service.as(actor).setDeliveryOption({ code: 'standard' })
}

const orderOf = (cart: Cart, owner: Actor): OrderSnapshot => {
  if (cart.deliveryOption === null) throw new Error('The cart is not ready')
  return {
    id: systemIds.next<OrderId>(),
    number: 'C-1',
    status: 'received',
    paymentStatus: 'unpaid',
    deliveryStatus: 'none',
    lines: cart.lines,
    totals: cart.totals,
    contact,
    address,
    deliveryOption: cart.deliveryOption,
    cancelReason: null,
    version: 1,
    owner: { kind: owner.kind === 'guest' ? 'guest' : 'customer', id: owner.id },
    cartId: cart.id,
    cartVersion: cart.version,
  }
}

/** Tells of an order and waits until it has been heard. */
const order = async (cart: Cart, owner: Actor, times = 1): Promise<void> => {
  const data = orderOf(cart, owner)
  const occurrence = occurred(orderReceived, { aggregateId: data.id, version: 1, data })
  for (let time = 0; time < times; time += 1) {
    const id = systemIds.next()
    await service.publish(occurrence, { id })
    await heard(id)
  }
}

const heard = async (eventId: string): Promise<void> => {
  for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
    const rows = await service.sql`select 1 from inbox where event_id = ${eventId}`
    if (rows.length > 0) return
  }
  throw new Error('The event was not heard in 10 s')
}

const signIn = async (customer: Actor, guest: Actor, times = 1): Promise<void> => {
  const userId = UserId.parse(customer.id)
  for (let time = 0; time < times; time += 1) {
    const id = systemIds.next()
    const data = { userId, guestId: guest.id }
    await service.publish(occurred(userSignedIn, { aggregateId: userId, version: time + 1, data }), { id })
    await heard(id)
  }
}

describe('a cart that was ordered', () => {
  test('makes room for an empty one', async () => {
    const guest = guestActor()
    const cart = await readyCart(guest)
    await order(cart, guest)
    const next = await read(guest)
    expect(next.id).not.toBe(cart.id)
    expect(next).toMatchObject({ lines: [], address: null })
  })

  test('leaves what was put in after the order was taken, with the address, in a new cart', async () => {
    const guest = guestActor()
    const cart = await readyCart(guest)
    const [mug] = cart.lines
    if (mug === undefined) throw new Error('unreachable')
    const lamp = shop.sell()
    await service.as(guest).addLine({ variantId: mug.variantId, quantity: 2 })
    await service.as(guest).addLine({ variantId: lamp, quantity: 1 })
    await order(cart, guest, 2)
    const next = await read(guest)
    expect(next.id).not.toBe(cart.id)
    expect(units(next)).toEqual([
      [mug.variantId, 2],
      [lamp, 1],
    ])
    expect(next).toMatchObject({ address, contact, deliveryOption: { code: 'standard' }, problems: [] })
  })

  test('leaves nothing when lines were only taken out since', async () => {
    const guest = guestActor()
    const cart = await readyCart(guest)
    await service.as(guest).clearCart({})
    await order(cart, guest)
    expect((await read(guest)).lines).toEqual([])
  })

  test('loses no unit that is added while it becomes an order', async () => {
    const guest = guestActor()
    const cart = await readyCart(guest)
    const lamp = shop.sell()
    const adding = Array.from({ length: 20 }, () =>
      service.as(guest).addLine({ variantId: lamp, quantity: 1 }),
    )
    await Promise.all([order(cart, guest), ...adding])
    expect(units(await read(guest))).toEqual([[lamp, 20]])
  })
})

describe('signing in', () => {
  test('gives the guest’s cart to a customer who has none', async () => {
    const [guest, customer] = [guestActor(), customerActor()]
    const cart = await readyCart(guest)
    await signIn(customer, guest, 2)
    expect(await read(customer)).toEqual({ ...cart, version: cart.version + 1 })
    expect((await read(guest)).id).not.toBe(cart.id)
    const { aggregateId, data } = await service.probe.next(
      cartMerged,
      (event) => event.data.guestId === guest.id,
    )
    expect(aggregateId).toBe(cart.id)
    expect(data).toEqual({ cartId: cart.id, userId: UserId.parse(customer.id), guestId: guest.id })
  })

  test('gives it also to a customer who has only looked at an empty one', async () => {
    const [guest, customer] = [guestActor(), customerActor()]
    await read(customer)
    const cart = await readyCart(guest)
    await signIn(customer, guest)
    expect((await read(customer)).id).toBe(cart.id)
  })

  test('adds the guest’s lines to the customer’s, once, and tells of it once', async () => {
    const [guest, customer] = [guestActor(), customerActor()]
    const own = await readyCart(customer)
    const [mug] = own.lines
    if (mug === undefined) throw new Error('unreachable')
    const lamp = shop.sell()
    await service.as(guest).addLine({ variantId: lamp, quantity: 2 })
    await service.as(guest).addLine({ variantId: mug.variantId, quantity: 3 })
    await signIn(customer, guest, 2)
    const merged = await read(customer)
    expect(merged.id).toBe(own.id)
    expect(units(merged)).toEqual([
      [mug.variantId, 4],
      [lamp, 2],
    ])
    expect(merged.problems).toEqual([])
    expect((await read(guest)).lines).toEqual([])
    await service.probe.next(cartMerged, ({ data }) => data.guestId === guest.id)
    expect(service.probe.seen(cartMerged).filter(({ data }) => data.guestId === guest.id)).toHaveLength(1)
  })

  test('of a guest without a cart changes nothing', async () => {
    const [guest, customer] = [guestActor(), customerActor()]
    const own = await readyCart(customer)
    await signIn(customer, guest)
    expect(await read(customer)).toEqual(own)
  })

  test('between an order and the news of it takes what was ordered out of the customer’s cart', async () => {
    const [guest, customer] = [guestActor(), customerActor()]
    const cart = await readyCart(guest)
    const own = await readyCart(customer)
    await signIn(customer, guest)
    await order(cart, guest)
    expect(units(await read(customer))).toEqual(units(own))
  })
})
