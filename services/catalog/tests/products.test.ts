import { afterAll, beforeAll, expect, test } from 'bun:test'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { type Catalog, first, refusal, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const variant = (sku: string, amountMinor: number, onHand = 5) => ({ sku, price: gbp(amountMinor), onHand })

test('a product is found by its id and by the slug that its name gave it', async () => {
  const variants = [variant('LAMP-L', 900), { ...variant('LAMP-S', 700, 0), name: 'Small' }]
  const lamp = await shop.staff.createProduct({ name: 'Désk Lamp', description: 'Bright.', variants })
  expect(lamp).toMatchObject({ slug: 'desk-lamp', version: 1, status: 'active', description: 'Bright.' })
  const reader = shop.service.as(guestActor())
  expect(await reader.getProduct({ productId: lamp.id })).toEqual(lamp)
  expect(await reader.getProduct({ productId: 'desk-lamp' })).toEqual(lamp)
  const second = await shop.staff.createProduct({ name: 'Desk lamp', variants: [variant('LAMP.X', 900)] })
  expect(second.slug).toBe('desk-lamp-lamp-x')
  const { quotes } = await shop.orders.quote({ variantIds: lamp.variants.map(({ id }) => id) })
  expect(quotes.toSorted((a, b) => a.price.amountMinor - b.price.amountMinor)).toMatchObject([
    { sku: 'LAMP-S', name: 'Désk Lamp, Small', available: 0, sellable: true },
    { sku: 'LAMP-L', name: 'Désk Lamp', available: 5 },
  ])
})

test('a change counts the version up, and one that was made for an older version is refused', async () => {
  const product = await shop.stocked(5)
  const productId = product.id
  const only = first(product.variants)
  const changed = await shop.staff.updateProduct({
    productId,
    version: 1,
    imageUrl: 'https://example.com/mug.jpg',
    prices: [{ variantId: only.id, price: gbp(399) }],
  })
  expect(changed).toMatchObject({ version: 2, imageUrl: 'https://example.com/mug.jpg', name: product.name })
  expect(changed.variants[0]?.price).toEqual(gbp(399))
  expect((await refusal(shop.staff.updateProduct({ productId, version: 1, name: 'Late' }))).code).toBe(
    'PRECONDITION_FAILED',
  )
  const [listed] = (await shop.staff.listProducts({ q: only.sku })).items
  expect(listed?.price).toEqual(gbp(399))
})

test('a product is archived only in the version that is asked for, and archived once', async () => {
  const { id: productId } = await shop.stocked(5)
  const late = shop.staff.archiveProduct({ productId, version: 9 })
  expect((await refusal(late)).code).toBe('PRECONDITION_FAILED')
  expect(await shop.staff.getProduct({ productId })).toMatchObject({ status: 'active', version: 1 })
  await shop.staff.archiveProduct({ productId, version: 1 })
  await shop.staff.archiveProduct({ productId, version: 1 })
  expect(await shop.staff.getProduct({ productId })).toMatchObject({ status: 'archived', version: 2 })
})

test('prices of one product have one currency', async () => {
  const variants = [
    variant('MIX-1', 100),
    { ...variant('MIX-2', 100), price: { amountMinor: 1, currency: 'EUR' } },
  ]
  expect((await refusal(shop.staff.createProduct({ name: 'Mixed', variants }))).code).toBe('INVALID_INPUT')
})

test('an archived product is not listed, cannot be sold, and can still be read', async () => {
  const product = await shop.stocked(5)
  await shop.staff.archiveProduct({ productId: product.id })
  await shop.staff.archiveProduct({ productId: product.id })
  expect(await shop.staff.getProduct({ productId: product.id })).toMatchObject({
    status: 'archived',
    version: 2,
  })
  expect((await shop.staff.listProducts({ q: first(product.variants).sku })).items).toEqual([])
  const { quotes } = await shop.orders.quote({ variantIds: [first(product.variants).id] })
  expect(quotes).toMatchObject([{ sellable: false }])
})

test('lists page by page in every order, each product once', async () => {
  const parent = await shop.staff.createCategory({ name: 'Paging' })
  const child = await shop.staff.createCategory({ name: 'Deep', parentId: parent.id })
  const rows = Array.from({ length: 25 }, (_, n) => ({
    sku: `PAGE-${n}`,
    name: `Page ${String((n * 7) % 25).padStart(2, '0')}`,
    price: gbp(100 + (n % 5)),
    category: n % 2 === 0 ? 'Paging' : 'Paging/Deep',
    onHand: n % 3,
  }))
  expect(await shop.staff.importProducts({ rows })).toMatchObject({ created: 25, rejected: [] })
  for (const sort of ['newest', 'name', 'price', '-price'] as const) {
    const seen: { id: string; name: string; price: { amountMinor: number } }[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const given = cursor === undefined ? {} : { cursor }
      const page: Awaited<ReturnType<typeof shop.staff.listProducts>> = await shop.staff.listProducts({
        category: parent.slug,
        sort,
        limit: 7,
        ...given,
      })
      seen.push(...page.items)
      cursor = page.nextCursor
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(25)
    const prices = seen.map(({ price }) => price.amountMinor)
    if (sort === 'price') expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    if (sort === '-price') expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    if (sort === 'name') expect(seen.map(({ name }) => name)).toEqual(seen.map(({ name }) => name).toSorted())
  }
  const count = async (input: object) =>
    (await shop.staff.listProducts({ category: parent.id, limit: 100, ...input })).items.length
  expect(await count({ category: child.slug })).toBe(12)
  expect(await count({ inStock: true })).toBe(16)
  expect(await count({ inStock: false })).toBe(9)
  expect(await count({ priceMin: 103, priceMax: 104 })).toBe(10)
  expect(await count({ q: 'pAge 03' })).toBe(1)
  expect(await count({ q: 'page-1' })).toBe(11)
  expect(await count({ q: '100% _' })).toBe(0)
  expect(await count({ category: 'nowhere' })).toBe(0)
})

test('shoppers can read, and only staff can write', async () => {
  const shopper = shop.service.as(customerActor())
  expect((await shopper.listCategories({})).items.length).toBeGreaterThanOrEqual(0)
  const variants = [variant('NOPE', 100)]
  expect((await refusal(shopper.createProduct({ name: 'Mine', variants }))).code).toBe('FORBIDDEN')
  expect((await refusal(shopper.quote({ variantIds: [shop.variantOf(await shop.stocked(1))] }))).code).toBe(
    'NOT_FOUND',
  )
})
