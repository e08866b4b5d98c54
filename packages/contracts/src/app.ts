/** All services’ contracts in one place, and the router type that typed clients import. */
import { carts } from './carts/procedures.ts'
import { catalog } from './catalog/procedures.ts'
import type { RouterOfAll } from './contract.ts'
import { delivery } from './delivery/procedures.ts'
import { identity } from './identity/procedures.ts'
import { notifications } from './notifications/procedures.ts'
import { orders } from './orders/procedures.ts'
import { payments } from './payments/procedures.ts'

export const services = { identity, catalog, carts, orders, payments, delivery, notifications }
export type ServiceName = keyof typeof services
export type AppRouter = RouterOfAll<typeof services>

/** One line for people on what each service is for, shown in the OpenAPI document. */
export const about: Readonly<Record<ServiceName, string>> = {
  identity: 'Guests, accounts, sessions and the signed-in person’s profile.',
  catalog: 'Products, their variants, categories, prices and stock.',
  carts: 'What the caller means to buy, priced whenever it is read.',
  orders: 'Orders, what became of them, and their timeline.',
  payments: 'Paying an order, and where its money is.',
  delivery: 'Ways to deliver, shipments and where a parcel is.',
  notifications: 'Messages that customers were sent.',
}
