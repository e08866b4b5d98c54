import type { Stack } from '@comptoir/dev/stack'
import { importRows } from '@comptoir/dev/catalogue/import-catalogue'
import { signIn } from '@comptoir/dev/catalogue/shop-client'

/** What the shoppers look at and buy. */
export interface Goods {
  /** Slugs of the seeded products, of which nobody runs out. */
  readonly products: readonly string[]
  /** Slugs of categories that have products. */
  readonly categories: readonly string[]
}

const seededCount = 400
const unitsEach = 1_000_000

/** Adds products with ample stock beside the sample catalogue. */
export const seedGoods = async ({
  gatewayUrl,
  admin,
}: Pick<Stack, 'gatewayUrl' | 'admin'>): Promise<Goods> => {
  const importer = await signIn({ gatewayUrl, ...admin })
  const summary = await importRows(rows(), importer, () => undefined)
  if (summary.created !== seededCount)
    throw new Error(`Of ${seededCount} products ${summary.created} were made`)
  const categories = await fetch(`${gatewayUrl}/v1/categories`)
  const { items } = (await categories.json()) as { items: { slug: string }[] }
  return {
    products: Array.from({ length: seededCount }, (_, index) => `bench-article-${index}`),
    categories: items.map(({ slug }) => slug),
  }
}

async function* rows() {
  for (let index = 0; index < seededCount; index += 1) {
    const row = {
      sku: `BENCH-${index}`,
      name: `Bench article ${index}`,
      category: `Bench/Shelf ${index % 20}`,
      price: { amountMinor: 500 + index, currency: 'GBP' },
      onHand: unitsEach,
    }
    yield { line: index + 1, row }
  }
}
