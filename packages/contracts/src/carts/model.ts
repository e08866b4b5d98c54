/** Carts: what somebody means to buy, priced afresh whenever it is read. */
import { z } from 'zod'
import { Quantity, Sku, TaxClass } from '../catalog/model.ts'
import { DeliveryOption } from '../delivery/model.ts'
import { CartId, ProductId, VariantId } from '../ids.ts'
import { Currency, Price } from '../money.ts'
import { Address, Email, Locale, Phone } from '../text.ts'

/** Whom to tell about the order. */
export const Contact = z.strictObject({ email: Email, phone: Phone.optional(), locale: Locale.optional() })
export type Contact = z.infer<typeof Contact>

export const CartLine = z.object({
  variantId: VariantId,
  productId: ProductId,
  sku: Sku,
  name: z.string(),
  imageUrl: z.url().nullable(),
  quantity: z.number().int(),
  unitPrice: Price,
  total: Price,
  taxClass: TaxClass,
  tax: Price.describe('Contained in the total'),
})
export type CartLine = z.infer<typeof CartLine>

/** What stands between this cart and an order. Placing the order refuses on the same list. */
export const CartProblem = z.discriminatedUnion('code', [
  z.object({ code: z.literal('CART_EMPTY') }),
  z.object({ code: z.literal('UNAVAILABLE'), variantId: VariantId }),
  z.object({
    code: z.literal('SHORT_OF_STOCK'),
    variantId: VariantId,
    requested: z.number().int(),
    available: z.number().int(),
  }),
  z.object({ code: z.literal('ADDRESS_MISSING') }),
  z.object({ code: z.literal('DELIVERY_OPTION_MISSING') }),
  z.object({ code: z.literal('DELIVERY_OPTION_NOT_OFFERED'), option: z.string() }),
])
export type CartProblem = z.infer<typeof CartProblem>

export const Totals = z.object({
  currency: Currency,
  subtotal: Price.describe('The lines'),
  delivery: Price,
  tax: Price.describe('Contained in the total'),
  total: Price,
})
export type Totals = z.infer<typeof Totals>

export const Cart = z.object({
  id: CartId,
  version: z.number().int(),
  lines: z.array(CartLine),
  contact: Contact.nullable(),
  address: Address.nullable(),
  deliveryOption: DeliveryOption.nullable(),
  totals: Totals,
  problems: z.array(CartProblem),
})
export type Cart = z.infer<typeof Cart>

export const LineQuantity = z.strictObject({ variantId: VariantId, quantity: Quantity })
