/** The cookie that ties a sign-in at a provider to the browser that began it. */
import { randomBytes } from 'node:crypto'
import { cookiesOf } from '../../credentials/cookies-of.ts'

const name = '__Host-sign-in'
const maxAgeSeconds = 600
// Lax: the provider sends the browser back by a link from its own site.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** 256 random bits. */
export const makeBinding = (): string => randomBytes(32).toString('base64url')

/** Whether a text can be one of 256 random bits. */
export const isRandomText = (text: string): boolean => /^[\w-]{43}$/.test(text)

/** What the browser was given last; undefined for nothing, for two of them and for what we never gave. */
export const bindingOf = (headers: Headers): string | undefined => {
  const [given, ...more] = cookiesOf(headers, name)
  return more.length === 0 && given !== undefined && isRandomText(given) ? given : undefined
}

export const bindingCookie = (binding: string): string =>
  `${name}=${binding}; Max-Age=${maxAgeSeconds}; ${attributes}`

export const clearedBinding = `${name}=; Max-Age=0; ${attributes}`
