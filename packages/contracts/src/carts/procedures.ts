/** What carts answers. The cart is always the caller’s own. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { OptionCode } from '../delivery/model.ts'
import { VariantId } from '../ids.ts'
import { Address } from '../text.ts'
import { IfVersion } from '../version.ts'
import { Cart, Contact, LineQuantity } from './model.ts'

const VARIANT_NOT_FOUND = { status: 404, message: 'There is no such variant on sale.' } as const
const LINE_NOT_FOUND = { status: 404, message: 'The cart has no such line.' } as const
const CART_FULL = { status: 409, message: 'A cart holds at most 100 lines of at most 10,000 units.' } as const

export const carts = {
  getCart: query({
    summary: 'The caller’s cart, priced now, with what stands in the way of an order',
    access: 'guest',
    priority: 'checkout',
    http: { method: 'GET', path: '/v1/cart' },
    input: z.strictObject({}),
    output: Cart,
  }),
  addLine: mutation({
    summary: 'Add units of a variant; units already there are added to',
    access: 'guest',
    http: { method: 'POST', path: '/v1/cart/lines' },
    idempotent: 'optional',
    input: LineQuantity,
    output: Cart,
    errors: { VARIANT_NOT_FOUND, CART_FULL },
  }),
  setLineQuantity: mutation({
    summary: 'Set the units of a line',
    access: 'guest',
    http: { method: 'PATCH', path: '/v1/cart/lines/{variantId}' },
    idempotent: 'optional',
    concurrency: 'version',
    input: LineQuantity.extend({ version: IfVersion }),
    output: Cart,
    errors: { LINE_NOT_FOUND },
  }),
  removeLine: mutation({
    summary: 'Take a line out',
    access: 'guest',
    http: { method: 'DELETE', path: '/v1/cart/lines/{variantId}' },
    concurrency: 'version',
    input: z.strictObject({ variantId: VariantId, version: IfVersion }),
    output: Cart,
    errors: { LINE_NOT_FOUND },
  }),
  clearCart: mutation({
    summary: 'Take every line out',
    access: 'guest',
    http: { method: 'DELETE', path: '/v1/cart' },
    concurrency: 'version',
    input: z.strictObject({ version: IfVersion }),
    output: Cart,
  }),
  setAddress: mutation({
    summary: 'Say where to deliver and whom to tell',
    access: 'guest',
    http: { method: 'PUT', path: '/v1/cart/address' },
    idempotent: 'optional',
    concurrency: 'version',
    input: z.strictObject({ address: Address, contact: Contact, version: IfVersion }),
    output: Cart,
  }),
  setDeliveryOption: mutation({
    summary: 'Choose how to deliver',
    access: 'guest',
    http: { method: 'PUT', path: '/v1/cart/delivery-option' },
    idempotent: 'optional',
    concurrency: 'version',
    input: z.strictObject({ code: OptionCode, version: IfVersion }),
    output: Cart,
    errors: {
      DELIVERY_OPTION_NOT_OFFERED: {
        status: 409,
        message: 'This option is not offered for the cart’s address.',
      },
    },
  }),
  snapshot: query({
    summary: 'The acting shopper’s cart as an order would take it',
    access: 'internal',
    input: z.strictObject({}),
    output: Cart,
  }),
}
