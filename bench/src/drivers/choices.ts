import type { Shopping } from './shopping.ts'

/** Of this many products comes half of what is bought: rows that many orders want at once. */
const popular = 10

export interface Choices {
  /** The slug of a product: every second one is among the popular, the others are spread evenly over the rest. */
  product(): string
  /** A list to look at: half of all looks are at the first page of the shop, the others at a category. */
  list(): string
}

/** Mulberry32: small, seeded and good enough to choose what is put into a cart. */
const randomOf = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const createChoices = (
  { products, categories }: Pick<Shopping, 'products' | 'categories'>,
  seed: number,
): Choices => {
  const random = randomOf(seed)
  const oneOf = (all: readonly string[]): string => all[Math.floor(random() * all.length)] ?? ''
  const [hot, cold] = [products.slice(0, popular), products.slice(popular)]
  return {
    product: () => oneOf(random() < 0.5 || cold.length === 0 ? hot : cold),
    list: () =>
      random() < 0.5 || categories.length === 0
        ? '/v1/products?limit=20&inStock=true'
        : `/v1/products?limit=20&inStock=true&category=${oneOf(categories)}`,
  }
}
