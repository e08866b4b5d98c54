/** Where people may be sent back to (RFC 6749, 3.1.2; RFC 8252, 7; RFC 9700, 2.1). */

/** Neither blank nor control character, and nothing that one reader takes for a part of the host and another does not. */
const plain = /^[\w.~:/?[\]!$&'()+,;=%-]+$/
/** Of what is written in this way, readers disagree about what it means: controls, dots, slashes. */
const hidden = /%(?:[01][\da-f]|2[ef]|5c|7f)|%(?![\da-f]{2})/i
const privateUse = /^[a-z][a-z\d-]*(?:\.[a-z\d][a-z\d-]*)+:\/(?!\/)/
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?([/?].*)?$/

/** Why a client may not register this address; undefined where it may. */
export const redirectUriFault = (uri: string, isPublic: boolean): string | undefined => {
  if (!plain.test(uri)) return "Expected an address of letters, digits and -._~:/?[]!$&'()+,;=% only"
  if (hidden.test(uri) || !URL.canParse(uri)) return 'Expected an address that every reader reads alike'
  const { href, protocol, pathname } = new URL(uri)
  // The way a browser would write it: what is not in that form is not where the browser would go.
  if (href !== uri && href !== `${uri}/`) return `Expected the form ${href}`
  if (pathname.includes('//')) return 'Expected a path without empty parts'
  if (protocol === 'https:' || loopback.test(uri)) return undefined
  if (!privateUse.test(uri))
    return 'Expected https, http on 127.0.0.1, [::1] or localhost, or com.example.app:/path'
  return isPublic ? undefined : 'Only a public client may have an address with a scheme of its own'
}

/** Whether an address is one that the client registered: letter by letter, but for the port on loopback (RFC 8252, 7.3). */
export const isRegistered = (registered: readonly string[], given: string): boolean =>
  registered.includes(given) || registered.some((uri) => differsByPort(uri, given))

const differsByPort = (uri: string, given: string): boolean => {
  const own = loopback.exec(uri)
  const other = loopback.exec(given)
  return own !== null && other !== null && own[1] === other[1] && own[2] === other[2] && URL.canParse(given)
}
