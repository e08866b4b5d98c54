// Requests with something wrong, as data.
import type { Asking } from './ask.ts'

/** What the requests are made of. */
export interface Scene {
  /** A guest's. */
  readonly token: string
  /** An order of somebody else, and their token. */
  readonly orderId: string
  readonly ownerToken: string
  readonly staffToken: string
  readonly variantId: string
}

export type Fault = readonly [
  what: string,
  code: string,
  path: string | ((scene: Scene) => string),
  asking: (scene: Scene) => Asking,
  /** Where the fault is, as the problem has to say. */
  pointer?: string,
]

export const line = ({ variantId }: Scene, more: object = {}): object => ({ variantId, quantity: 1, ...more })
export const someId = '01900000-0000-7000-8000-000000000000'
export const large = { text: 'x'.repeat(2 * 1024 * 1024) }
export const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
/** An object of so many keys. */
export const wide = (keys: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, index) => [`field${index}`, index])))

export const withPrototype = ({ variantId }: Scene): string =>
  `{"variantId":"${variantId}","quantity":1,"__proto__":{"a":1}}`

/** A body that comes in pieces and does not tell how long it will be. */
export const chunked = (bytes: number): ReadableStream => {
  let left = bytes
  return new ReadableStream({
    pull: (controller) => {
      if (left <= 0) return controller.close()
      left -= 65_536
      controller.enqueue(new TextEncoder().encode('x'.repeat(65_536)))
    },
  })
}

/** The token with other claims under the same signature. */
export const forged = ({ token }: Scene): string => {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const changed = { ...(JSON.parse(atob(claims)) as object), kind: 'admin' }
  return [head, btoa(JSON.stringify(changed)).replaceAll('=', ''), signature].join('.')
}
