/** Identifiers: UUIDv7, each kind with its own brand, so that one cannot be passed for another. */
import { z } from 'zod'

const id = <const B extends string>(brand: B) => z.uuid().describe(`The id of a ${brand}`).brand<B>()

export const UserId = id('user')
export type UserId = z.infer<typeof UserId>
export const ProductId = id('product')
export type ProductId = z.infer<typeof ProductId>
export const VariantId = id('variant')
export type VariantId = z.infer<typeof VariantId>
export const CategoryId = id('category')
export type CategoryId = z.infer<typeof CategoryId>
export const CartId = id('cart')
export type CartId = z.infer<typeof CartId>
export const OrderId = id('order')
export type OrderId = z.infer<typeof OrderId>
export const PaymentId = id('payment')
export type PaymentId = z.infer<typeof PaymentId>
export const ShipmentId = id('shipment')
export type ShipmentId = z.infer<typeof ShipmentId>
export const MessageId = id('message')
export type MessageId = z.infer<typeof MessageId>
