// Leaves room for what makes a slug unique within the contract's 120 characters.
const baseMax = 60

/** Lower-case words joined by hyphens; `otherwise` where nothing of the text can be written that way. */
export const slugOf = (text: string, otherwise: string): string => {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .replaceAll('&', ' and ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, baseMax) : `${slug}-${word}`
    if (longer.length > baseMax) break
    slug = longer
  }
  return slug === '' ? otherwise : slug
}

/** The slug to try next: the bare one, then one with the distinction, then numbered ones. */
const slugCandidate = (base: string, distinction: string, attempt: number): string => {
  if (attempt === 0) return base
  const distinct = `${base}-${slugOf(distinction, 'x').slice(0, 50)}`
  return attempt === 1 ? distinct : `${distinct}-${attempt}`
}

/** Picks the first candidate that is not taken, and takes it. */
export const claimSlug = (base: string, distinction: string, taken: Set<string>): string => {
  for (let attempt = 0; ; attempt += 1) {
    const slug = slugCandidate(base, distinction, attempt)
    if (taken.has(slug)) continue
    taken.add(slug)
    return slug
  }
}

/** The candidates to look up before one is claimed; a sku in the second makes it nearly certain that one is free. */
export const slugsTried = (base: string, distinction: string): string[] =>
  [0, 1, 2, 3].map((attempt) => slugCandidate(base, distinction, attempt))
