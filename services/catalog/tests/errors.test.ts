import { afterAll, beforeAll, expect, test } from 'bun:test'
import { catalog } from '@comptoir/contracts/catalog/procedures'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { CategoryId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { encodeCursor } from '@comptoir/contracts/page'
import { systemIds } from '@comptoir/service-kit/ids'
import { type Catalog, first, newOrder, oneOf, refusal, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const nowhere = {
  product: ProductId.parse(systemIds.next()),
  variant: VariantId.parse(systemIds.next()),
  category: CategoryId.parse(systemIds.next()),
}
const fresh = () => ({ idempotencyKey: crypto.randomUUID() })
const product = (over: object = {}) => ({
  name: 'Taken',
  variants: [
    { sku: `E-${systemIds.next().slice(-12)}`, price: { amountMinor: 100, currency: 'GBP' }, onHand: 1 },
  ],
  ...over,
})
const soldOut = async () => oneOf(shop.variantOf(await shop.stocked(0)))

/** How each declared error of each procedure comes about. */
const refusals: Record<string, () => Promise<unknown>> = {
  'listProducts CURSOR_INVALID': () => shop.staff.listProducts({ cursor: encodeCursor(['name', 'x', 'y']) }),
  'getProduct PRODUCT_NOT_FOUND': () => shop.staff.getProduct({ productId: 'no-such-thing' }),
  'createProduct SKU_TAKEN': async () => {
    const { variants } = await shop.staff.createProduct(product())
    return shop.staff.createProduct(
      product({ variants: [{ sku: first(variants).sku, price: first(variants).price }] }),
    )
  },
  'createProduct SLUG_TAKEN': async () => {
    const { slug } = await shop.staff.createProduct(product())
    return shop.staff.createProduct(product({ slug }))
  },
  'createProduct CATEGORY_NOT_FOUND': () =>
    shop.staff.createProduct(product({ categoryId: nowhere.category })),
  'updateProduct PRODUCT_NOT_FOUND': () =>
    shop.staff.updateProduct({ productId: nowhere.product, name: 'X' }),
  'updateProduct VARIANT_NOT_FOUND': async () => {
    const { id, variants } = await shop.staff.createProduct(product())
    return shop.staff.updateProduct({
      productId: id,
      prices: [{ variantId: nowhere.variant, price: first(variants).price }],
    })
  },
  'updateProduct CATEGORY_NOT_FOUND': async () => {
    const { id } = await shop.staff.createProduct(product())
    return shop.staff.updateProduct({ productId: id, categoryId: nowhere.category })
  },
  'archiveProduct PRODUCT_NOT_FOUND': () => shop.staff.archiveProduct({ productId: nowhere.product }),
  'createCategory SLUG_TAKEN': async () => {
    await shop.staff.createCategory({ name: 'Twice', slug: 'twice' })
    return shop.staff.createCategory({ name: 'Twice', slug: 'twice' })
  },
  'createCategory CATEGORY_NOT_FOUND': () =>
    shop.staff.createCategory({ name: 'Orphan', parentId: nowhere.category }),
  'getStock VARIANT_NOT_FOUND': () => shop.staff.getStock({ variantId: nowhere.variant }),
  'adjustStock VARIANT_NOT_FOUND': () =>
    shop.staff.adjustStock({ variantId: nowhere.variant, kind: 'received', quantity: 1 }, fresh()),
  'adjustStock STOCK_INSUFFICIENT': async () => {
    const { variantId } = first(await soldOut())
    return shop.staff.adjustStock({ variantId, kind: 'adjusted', quantity: -1 }, fresh())
  },
  'reserveStock OUT_OF_STOCK': async () =>
    shop.orders.reserveStock({ orderId: newOrder(), lines: await soldOut() }),
  'reserveStock RESERVATION_CLOSED': async () => {
    const orderId = newOrder()
    await shop.orders.releaseReservation({ orderId })
    return shop.orders.reserveStock({ orderId, lines: await soldOut() })
  },
  'commitReservation RESERVATION_NOT_FOUND': () => shop.orders.commitReservation({ orderId: newOrder() }),
  'commitReservation RESERVATION_CLOSED': async () => {
    const orderId = newOrder()
    await shop.orders.releaseReservation({ orderId })
    return shop.orders.commitReservation({ orderId })
  },
  'commitReservation OUT_OF_STOCK': async () => {
    const variantId = shop.variantOf(await shop.stocked(1))
    const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId) })
    await shop.makeDue(orderId)
    await shop.expire()
    await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId) })
    return shop.orders.commitReservation({ orderId })
  },
}

const contract: Readonly<Record<string, ProcedureContract>> = catalog
const declared = Object.entries(contract).flatMap(([name, { errors = {} }]) =>
  Object.keys(errors).map((code) => `${name} ${code}`),
)

test('every declared error has its test', () => {
  expect(Object.keys(refusals).toSorted()).toEqual(declared.toSorted())
})

test.each(Object.entries(refusals))('%s', async (name, provoke) => {
  const { code } = await refusal(provoke())
  expect(name).toEndWith(` ${String(code)}`)
})
