/** Orders and their history. */
import { z } from 'zod'
import { Contact, CartProblem, Totals } from '../carts/model.ts'
import { Sku, TaxClass } from '../catalog/model.ts'
import { DeliveryOption } from '../delivery/model.ts'
import { CartId, OrderId, ProductId, VariantId } from '../ids.ts'
import { Price } from '../money.ts'
import { Address, Timestamp } from '../text.ts'

export const orderStatuses = [
  'received',
  'confirmed',
  'prepared',
  'shipped',
  'delivered',
  'cancelled',
] as const
export const OrderStatus = z.enum(orderStatuses)
export type OrderStatus = z.infer<typeof OrderStatus>

export const PaymentState = z.enum([
  'unpaid',
  'authorized',
  'paid',
  'partially_refunded',
  'refunded',
  'failed',
])
export type PaymentState = z.infer<typeof PaymentState>
export const DeliveryState = z.enum([
  'none',
  'planned',
  'dispatched',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'failed',
  'cancelled',
])
export type DeliveryState = z.infer<typeof DeliveryState>

export const CancelReason = z.enum(['customer', 'staff', 'payment_timeout', 'payment_failed', 'out_of_stock'])
export type CancelReason = z.infer<typeof CancelReason>

export const OrderLine = z.object({
  variantId: VariantId,
  productId: ProductId,
  sku: Sku,
  name: z.string(),
  quantity: z.number().int(),
  unitPrice: Price,
  total: Price,
  taxClass: TaxClass,
  tax: Price,
})
export type OrderLine = z.infer<typeof OrderLine>

export const Order = z.object({
  id: OrderId,
  number: z.string().describe('Short and human, such as C-1042'),
  status: OrderStatus,
  paymentStatus: PaymentState,
  deliveryStatus: DeliveryState,
  attention: z.string().nullable().describe('Why a person has to look at it, if one has to'),
  lines: z.array(OrderLine),
  totals: Totals,
  contact: Contact,
  address: Address,
  deliveryOption: DeliveryOption,
  cancelReason: CancelReason.nullable(),
  version: z.number().int(),
  placedAt: Timestamp,
  updatedAt: Timestamp,
})
export type Order = z.infer<typeof Order>

export const OrderSummary = Order.pick({
  id: true,
  number: true,
  status: true,
  paymentStatus: true,
  deliveryStatus: true,
  attention: true,
  totals: true,
  placedAt: true,
})
export type OrderSummary = z.infer<typeof OrderSummary>

/** One thing that happened to an order; `id` resumes a watch after it. */
export const TimelineEntry = z.object({
  id: z.string(),
  kind: z.enum(['order', 'payment', 'delivery']),
  status: z.string(),
  actor: z.string().describe('customer, staff, system or a service'),
  reason: z.string().nullable(),
  at: Timestamp,
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** What other services need to know of an order; also the payload of its events. */
export const OrderSnapshot = Order.omit({ attention: true, placedAt: true, updatedAt: true }).extend({
  owner: z.object({ kind: z.enum(['guest', 'customer']), id: z.string() }),
  cartId: CartId,
  cartVersion: z.number().int(),
})
export type OrderSnapshot = z.infer<typeof OrderSnapshot>

export const PriceChange = z.object({ expected: Price, actual: Price })
export const CartProblems = z.object({ problems: z.array(CartProblem) })
