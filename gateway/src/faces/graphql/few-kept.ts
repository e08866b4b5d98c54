/** The latest few of what was made, found again by their text. */
export interface FewKept<T> {
  get(key: string): T | undefined
  set(key: string, value: T): unknown
}

/** Keeps at most `max`: what came first goes first. */
export const createFewKept = <T>(max: number): FewKept<T> => {
  const kept = new Map<string, T>()
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      const oldest = kept.size >= max ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(key, value)
    },
  }
}
