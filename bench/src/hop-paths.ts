/** What is asked over the ways of the hop. */
const query = (words: Readonly<Record<string, string>>): string => new URLSearchParams(words).toString()

/** Ten calls in one request, over the services in turn. */
const batchOf = (names: readonly string[], input: object): string => {
  const paths = Array.from({ length: 10 }, (_, index) => names[index % names.length])
  const inputs = JSON.stringify(Object.fromEntries(paths.map((_, index) => [index, input])))
  return `/trpc/${paths.join(',')}?${query({ batch: '1', input: inputs })}`
}

const listing = `{ catalogListProducts(first: 20) {
  nodes { id slug name imageUrl inStock price { amountMinor currency } } pageInfo { hasNextPage endCursor } } }`

export const hopPaths = {
  call: `/trpc/carts.getCart?${query({ input: '{}' })}`,
  batch: batchOf(['carts.getCart'], {}),
  split: batchOf(['carts.getCart', 'catalog.listCategories'], {}),
  graphql: `/graphql?${query({ query: listing })}`,
  rest: '/v1/cart',
  product: '/v1/products/hop',
} as const

/** A page as the catalogue lists it. */
export const hopListing = {
  items: Array.from({ length: 20 }, (_, index) => ({
    id: crypto.randomUUID(),
    slug: `product-${index}`,
    name: `Product ${index}`,
    imageUrl: `https://images.example/${index}.jpg`,
    categoryId: crypto.randomUUID(),
    price: { amountMinor: 1_000 + index, currency: 'GBP' },
    inStock: true,
  })),
  nextCursor: null,
}
