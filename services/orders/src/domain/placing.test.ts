import { expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import type { CartProblem } from '@comptoir/contracts/carts/model'
import { OrderId, type VariantId } from '@comptoir/contracts/ids'
import { sampleCart } from '../../tests/sample-cart.ts'
import { orderIdOf, ownerOf, shortLines } from './placing.ts'

const operation = '0192f0c1-1111-7222-8333-444444444444'

test('an order’s id is the same for every retry on one state of the cart, and another once it changed', () => {
  const cart = sampleCart()
  const id = orderIdOf(operation, cart)
  expect(OrderId.parse(id)).toBe(id)
  expect(id).toStartWith('0192f0c1-1111-7')
  expect(orderIdOf(operation, cart)).toBe(id)
  expect(orderIdOf(operation, { ...cart, version: cart.version + 1 })).not.toBe(id)
  expect(orderIdOf('0192f0c1-1111-7222-8333-555555555555', cart)).not.toBe(id)
})

test('shortness of stock is out of stock only when nothing else is wrong', () => {
  const variantId = sampleCart().lines[0]?.variantId as VariantId
  const short: CartProblem = { code: 'SHORT_OF_STOCK', variantId, requested: 3, available: 1 }
  expect(shortLines(sampleCart({ problems: [short] }))).toEqual({
    lines: [{ variantId, requested: 3, available: 1 }],
  })
  expect(shortLines(sampleCart({ problems: [short, { code: 'ADDRESS_MISSING' }] }))).toBeUndefined()
  expect(shortLines(sampleCart())).toBeUndefined()
})

test('only shoppers own orders', () => {
  expect(ownerOf({ kind: 'guest', id: 'g', scopes: [] })).toEqual({ kind: 'guest', id: 'g' })
  expect(ownerOf({ kind: 'staff', id: 's', scopes: [] })).toEqual({ kind: 'customer', id: 's' })
  expect(ownerOf({ kind: 'service', id: 'carts', scopes: [] })).toBeUndefined()
  expect(ownerOf(anonymous)).toBeUndefined()
})
