import type { InputOf } from '@comptoir/contracts/contract'
import type { Cart } from '@comptoir/contracts/carts/model'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { ServiceError } from '@comptoir/contracts/errors'
import type { OrderId } from '@comptoir/contracts/ids'
import { sampleCart } from './sample-cart.ts'

type Reserve = InputOf<typeof catalog.reserveStock>
type OfOrder = { orderId: OrderId }

/** The other services as a test wants them: each answer is a field that it may replace. */
interface FakeShop {
  cart: Cart
  readonly holds: Reserve[]
  readonly released: OrderId[]
  readonly captures: OrderId[]
  reserve: (input: Reserve) => Promise<void>
  commit: (input: OfOrder) => Promise<void>
  capture: (input: OfOrder) => Promise<void>
  cancelShipment: (input: OfOrder) => Promise<boolean>
}

export const createFakeShop = (): FakeShop => ({
  cart: sampleCart(),
  holds: [],
  released: [],
  captures: [],
  reserve: async () => {},
  commit: async () => {},
  capture: async () => {},
  cancelShipment: async () => true,
})

/** The clients that talk to a fake shop. */
export const clientsOf = (shop: FakeShop) => ({
  carts: { snapshot: async () => shop.cart },
  catalog: {
    reserveStock: async (input: Reserve) => {
      shop.holds.push(input)
      await shop.reserve(input)
      return { orderId: input.orderId, state: 'held', expiresAt: '2030-01-01T00:00:00.000Z' }
    },
    commitReservation: async (input: OfOrder) => {
      await shop.commit(input)
      return { orderId: input.orderId, state: 'committed', expiresAt: '2030-01-01T00:00:00.000Z' }
    },
    releaseReservation: async ({ orderId }: OfOrder) => {
      shop.released.push(orderId)
      return { state: 'released' }
    },
  },
  payments: {
    capturePayment: async (input: OfOrder) => {
      shop.captures.push(input.orderId)
      await shop.capture(input)
      return { status: 'captured' }
    },
  },
  delivery: {
    cancelShipment: async (input: OfOrder) => ({ cancelled: await shop.cancelShipment(input) }),
  },
})

export const refusal = (code: string, status: number, data?: unknown): ServiceError =>
  new ServiceError(code, { status, message: `The test says ${code}.`, data })

/** A call that hangs until the test lets it go on. */
export const gate = () => {
  const entered = Promise.withResolvers<void>()
  const open = Promise.withResolvers<void>()
  return {
    entered: entered.promise,
    open: () => open.resolve(),
    pass: async () => {
      entered.resolve()
      await open.promise
    },
  }
}
