/** What a URL writes as it is. */
const plain = /^[!$-&(-;=?-~]*$/

/** The query of an address with its question mark, as a URL writes it, empty where there is none. */
export const searchOf = (url: string): string => {
  const begin = url.indexOf('?')
  if (begin === -1) return ''
  // Most queries need no URL made for them.
  const search = url.slice(begin)
  return plain.test(search) ? search : new URL(url).search
}
