import type { Outgoing } from './drivers/request-bytes.ts'
import type { Goods } from './seed-goods.ts'

/** Guests with something in their cart. */
export const enterGuests = async (
  gatewayUrl: string,
  { products: [slug = ''] }: Goods,
  count: number,
): Promise<string[]> => {
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${gatewayUrl}${path}`, init)
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`)
    return response.json()
  }
  const { variants } = (await ask(`/v1/products/${slug}`)) as { variants: { id: string }[] }
  const line = JSON.stringify({ variantId: variants[0]?.id, quantity: 1 })
  const tokens: string[] = []
  for (let n = 0; n < count; n += 1) {
    const { accessToken } = (await ask('/v1/auth/guest', { method: 'POST' })) as { accessToken: string }
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    await ask('/v1/cart/lines', { method: 'POST', headers, body: line })
    tokens.push(accessToken)
  }
  return tokens
}

const as = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

/** Lists and products; with a credential, so that nothing that is kept at the edge answers. */
export const browsing = (tokens: readonly string[], { products, categories }: Goods): Outgoing[] =>
  tokens.flatMap((token, index) => [
    {
      method: 'GET',
      path: `/v1/products?limit=20&category=${categories[index % categories.length]}`,
      headers: as(token),
    },
    { method: 'GET', path: `/v1/products/${products[index % products.length]}`, headers: as(token) },
  ])

/** Visitors who tell where to deliver: a write of the carts that asks the catalogue for prices. */
export const checkingOut = (tokens: readonly string[]): Outgoing[] =>
  tokens.map((token, index) => ({
    method: 'PUT',
    path: '/v1/cart/address',
    headers: as(token),
    body: {
      address: { name: 'Ada', line1: '12 Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
      contact: { email: `ada.${index}@example.com` },
    },
  }))

/** What needs no catalogue: orders of a guest, and what delivery offers. */
export const elsewhere = (tokens: readonly string[]): Outgoing[] =>
  tokens.flatMap((token) => [
    { method: 'GET', path: '/v1/orders', headers: as(token) },
    { method: 'GET', path: '/v1/delivery-options', headers: as(token) },
  ])
