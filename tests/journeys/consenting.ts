// A person with a browser at /oauth/authorize: reads the pages, fills in the forms, holds the cookie.
import { ask, type Answer } from './ask.ts'

export interface Consenting {
  readonly email: string
  readonly password: string
  /** Of a second factor. */
  readonly code?: string
  readonly decision: 'allow' | 'deny'
}

/** Goes through both pages; answers where the browser is sent in the end. */
export const consentAt = async (
  url: URL,
  { email, password, code = '', decision }: Consenting,
): Promise<URL> => {
  const first = await ask(url.href)
  if (first.status === 303) return locationOf(first)
  const second = await submit(url, { ...hiddenIn(first), email, password, code })
  if (second.status === 303) return locationOf(second)
  const [cookie = ''] = (second.headers.get('set-cookie') ?? '').split(';')
  return locationOf(await submit(url, { ...hiddenIn(second), decision }, cookie))
}

/** Sends a form as a browser on the page would. */
const submit = (url: URL, form: Record<string, string>, cookie = ''): Promise<Answer> =>
  ask(`${url.origin}/oauth/authorize`, {
    body: String(new URLSearchParams(form)),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: url.origin,
      'sec-fetch-site': 'same-origin',
      cookie,
    },
  })

const hiddenIn = ({ status, text }: Answer): Record<string, string> => {
  if (status !== 200) throw new Error(`A page of status ${status}: ${text}`)
  const inputs = text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, plain(value)]))
}

const plain = (escaped: string): string =>
  escaped.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')

const locationOf = ({ status, headers, text }: Answer): URL => {
  const location = headers.get('location')
  if (status !== 303 || location === null)
    throw new Error(`Nobody was sent anywhere, but told ${status}: ${text}`)
  return new URL(location)
}
