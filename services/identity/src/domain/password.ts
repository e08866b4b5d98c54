/**
 * Whether somebody who tries what is tried first, or who knows a little of the person and the shop, comes upon a password
 * soon (NIST SP 800-63B-4, 3.1.1.2). `words` are what is known: addresses and names.
 */
export const isGuessable = (
  password: string,
  { common, words }: { common: ReadonlySet<string>; words: readonly string[] },
): boolean => {
  const small = password.toLowerCase()
  if (common.has(small)) return true
  const parts = words.flatMap((word) => partsOf(word)).toSorted((a, b) => b.length - a.length)
  if (!parts.some((part) => small.includes(part))) return false
  const left = parts.reduce((text, part) => text.replaceAll(part, ''), small)
  // What is left besides them has to be worth something by itself: two letters, a year and a sign are not.
  return (left.match(/\p{L}/gu) ?? []).length < 3
}

/** The words of a name or an address that are long enough to say something. */
const partsOf = (word: string): string[] =>
  [word, ...word.split(/[^\p{L}\p{N}]+/u)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= 3)
