/** Entity tags (RFC 9110, 8.8.3): strong, made of an answer's bytes, led by the resource's version where it has one. */
import { commonError } from '@comptoir/contracts/errors'
import { noVersion } from '@comptoir/contracts/version'

/** The tag of an answer, quotes included: `"v7.…"` of a resource in version 7, `"…"` of anything else. */
export const entityTag = (body: string | Uint8Array, version?: number): string => {
  const digest = new Bun.CryptoHasher('sha256').update(body).digest('base64url').slice(0, 22)
  return version === undefined ? `"${digest}"` : `"v${version}.${digest}"`
}

/** The tag of the same answer in a content coding: other bytes need another strong tag (RFC 9110, 8.8.3.3). */
export const codedTag = (tag: string, coding: string): string => `${tag.slice(0, -1)}+${coding}"`

/** Whether `If-None-Match` names the answer, in whichever coding the client has it (13.1.2: weak comparison). */
export const namesTag = (ifNoneMatch: string | null, tag: string): boolean =>
  ifNoneMatch !== null &&
  ifNoneMatch.split(',').some((entry) => {
    const given = entry.trim().replace(/^W\//, '')
    return given === '*' || given.replace(/\+[a-z]+"$/, '"') === tag
  })

/**
 * The version that an `If-Match` asks for; undefined where it is `*`, which any version fits. A tag that is weak or not
 * ours fits none. Throws MALFORMED_REQUEST for anything but one tag.
 */
export const versionIn = (ifMatch: string): number | undefined => {
  const given = ifMatch.trim()
  if (given === '*') return undefined
  if (!/^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(given)) {
    throw commonError('MALFORMED_REQUEST', {
      message: 'If-Match takes one entity tag, as ETag gives it, or *.',
    })
  }
  return Math.min(Number(/^"v(\d{1,10})\./.exec(given)?.[1] ?? noVersion), noVersion)
}
