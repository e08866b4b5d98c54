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
