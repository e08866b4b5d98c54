import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Quote } from '@comptoir/contracts/catalog/model'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { addToLine } from '../db/cart-changes.ts'
import { isOverfull, type StoredLine, withAdded } from '../domain/cart.ts'
import { type Facts, isOnSale } from '../domain/price-cart.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const addLine: Procedure<typeof carts.addLine, Context> = ({ ctx, input }) => {
  const lineOf = (facts: Facts): StoredLine => {
    const quote = facts.quotes.get(input.variantId)
    if (!isOnSale(quote)) throw ctx.fail('VARIANT_NOT_FOUND')
    return storedLine(quote, input.quantity)
  }
  const refuseOverfull = <T extends Parameters<typeof isOverfull>[0]>(cart: T): T => {
    if (isOverfull(cart)) throw ctx.fail('CART_FULL')
    return cart
  }
  return changeCart(ctx, {
    asks: (cart) => {
      refuseOverfull({ lines: [...cart.lines.filter((line) => line.variantId !== input.variantId), input] })
      return [input.variantId]
    },
    expect: (cart, facts) => refuseOverfull(withAdded(cart, lineOf(facts))),
    write: (tx, changing, facts) => addToLine(tx, changing, lineOf(facts)),
    finish: (tx, cart) => ctx.answer(tx, refuseOverfull(cart)),
  })
}

const storedLine = (quote: Quote, quantity: number): StoredLine => ({
  variantId: quote.variantId,
  quantity,
  productId: quote.productId,
  sku: quote.sku,
  name: quote.name,
  taxClass: quote.taxClass,
})
