import { freePort } from '@comptoir/dev/servers/ports'
import type { BenchStack } from '../bench-stack.ts'
import { drive, serveBeside } from '../drive.ts'
import type { Read, Reading } from '../drivers/reading.ts'

export interface Reads {
  /** A bare `Bun.serve` with an answer of the detail's size; before and after, because the machine is never the same. */
  readonly bare: readonly Read[]
  /** GET /v1/products/{slug} through the gateway. */
  readonly detail: Read
  /** The same product over /trpc with a guest's credential, so that nothing kept answers: gateway, catalogue, database. */
  readonly uncached: Read
  /** GET /v1/products?limit=20 of the shop and its categories. */
  readonly listing: Read
  readonly answerBytes: number
}

const warmUpSeconds = 2
export const readConnections = 32
export const listingConnections = 16

export const measureReads = async ({ gatewayUrl, goods }: BenchStack, seconds: number): Promise<Reads> => {
  const details = goods.products.map((slug) => `/v1/products/${slug}`)
  const answer: unknown = await (await fetch(`${gatewayUrl}${details[0]}`)).json()
  const port = await freePort()
  const server = await serveBeside('bare', { answer, port })
  const read = (reading: Pick<Reading, 'url' | 'paths' | 'connections' | 'headers'>) =>
    drive<Read>('reads', { ...reading, seconds, warmUpSeconds } satisfies Reading, seconds + 20)
  const bare = () => read({ url: `http://127.0.0.1:${port}`, paths: ['/'], connections: readConnections })
  const edge = (paths: readonly string[], connections: number) =>
    read({ url: gatewayUrl, paths, connections })
  try {
    const first = await bare()
    const detail = await edge(details, readConnections)
    const second = await bare()
    const uncached = await read({
      url: gatewayUrl,
      paths: goods.products.map(overTrpc),
      connections: readConnections,
      headers: { authorization: `Bearer ${await guestToken(gatewayUrl)}` },
    })
    const lists = ['', ...goods.categories.map((slug) => `&category=${slug}`)]
    const listing = await edge(
      lists.map((rest) => `/v1/products?limit=20${rest}`),
      listingConnections,
    )
    return { bare: [first, second], detail, uncached, listing, answerBytes: JSON.stringify(answer).length }
  } finally {
    await server.stop()
  }
}

const overTrpc = (productId: string): string =>
  `/trpc/catalog.getProduct?input=${encodeURIComponent(JSON.stringify({ productId }))}`

const guestToken = async (gatewayUrl: string): Promise<string> => {
  const response = await fetch(`${gatewayUrl}/v1/auth/guest`, { method: 'POST' })
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}
