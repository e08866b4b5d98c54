/** Headers that every answer has unless it says otherwise. */

/** What an answer that is no page needs: a browser that is led to it shows nothing of it and runs nothing in it. */
export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const

const defaults = Object.entries({ 'cache-control': 'no-store', ...safetyHeaders })

/** On the answer itself: Hono's `c.header` would make a new one, and a stream of its body, for each of them. */
export const addDefaultHeaders = (headers: Headers): void => {
  for (const [name, value] of defaults) if (!headers.has(name)) headers.set(name, value)
}
