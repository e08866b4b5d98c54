// A browser as far as cookies go: it keeps what it is given for one host, and says that our own page asks.
import { ask, type Answer, type Asking } from './ask.ts'

export interface CookieJar {
  /** By name. */
  readonly cookies: ReadonlyMap<string, string>
  /** The attributes that the cookie of a name came with last. */
  attributesOf(name: string): readonly string[]
  ask(url: string, asking?: Asking): Promise<Answer>
}

/** Keeps cookies by name: those who use it speak to one host only. */
export const cookieJar = (given: ReadonlyMap<string, string> = new Map()): CookieJar => {
  const cookies = new Map(given)
  const attributes = new Map<string, readonly string[]>()
  return {
    cookies,
    attributesOf: (name) => attributes.get(name) ?? [],
    ask: async (url, asking = {}) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await ask(url, {
        ...asking,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(cookie === '' ? {} : { cookie }),
          ...asking.headers,
        },
      })
      for (const line of answer.headers.getSetCookie()) {
        const [pair = '', ...more] = line.split(';').map((part) => part.trim())
        const [name = '', ...value] = pair.split('=')
        attributes.set(name, more)
        if (more.includes('Max-Age=0')) cookies.delete(name)
        else cookies.set(name, value.join('='))
      }
      return answer
    },
  }
}
