/**
 * Whether a write with a cookie is meant by whoever holds it: browsers send cookies along with whatever any page makes them
 * ask for, but they say which page it was.
 */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'

export interface TrustedOrigins {
  /** Where browsers find us, such as `https://shop.example`; without it the host that they ask for is enough. */
  readonly own: string | undefined
  /** Whose pages may act for the visitor, besides our own. */
  readonly allowed: readonly string[]
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Why a request with a cookie is not heard; undefined where it is. Reads are: no other page can see their answers. */
export const forgery = (request: Request, origins: TrustedOrigins): ServiceError | undefined => {
  if (safe.has(request.method)) return undefined
  if (!isFromOurPage(request, origins))
    return commonError('FORBIDDEN', { message: 'With a cookie, writes are heard from our own pages only.' })
  // A form can send neither this type nor a request that a browser would not ask us about first.
  return isJson(request.headers) ? undefined : commonError('UNSUPPORTED_MEDIA_TYPE')
}

/**
 * Whether another site’s page has sent the browser to where a sign-in begins: it would decide for the visitor as whom they go
 * on. What was typed in, and what old browsers say nothing of, is heard.
 */
export const isBegunElsewhere = ({ headers }: Request, { allowed }: TrustedOrigins): boolean => {
  const site = headers.get('sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return false
  const referrer = headers.get('referer') ?? ''
  return !(URL.canParse(referrer) && allowed.includes(new URL(referrer).origin))
}

/** Whether a page of ours, or one that may act for the visitor, has the browser send this. */
export const isFromOurPage = ({ url, headers }: Request, { own, allowed }: TrustedOrigins): boolean => {
  const origin = headers.get('origin')
  if (origin !== null && allowed.includes(origin)) return true
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  if (origin === null) return false
  return own === undefined
    ? URL.canParse(origin) && new URL(origin).host === new URL(url).host
    : origin === own
}

const isJson = (headers: Headers): boolean => {
  const type = headers.get('content-type')
  if (type !== null) return /^application\/json\s*(;|$)/i.test(type)
  return (headers.get('content-length') ?? '0') === '0' && !headers.has('transfer-encoding')
}
