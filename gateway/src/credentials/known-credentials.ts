/**
 * What identity has said of credentials. Nobody who is known waits for identity: after half a minute it is asked again beside
 * the request, and what it said holds for a quarter of an hour, as an access token does, while it cannot be asked. What it
 * revokes is heard apart from this, and sooner.
 */

const freshMs = 30_000
const heldMs = 15 * 60_000

export interface KnownCredentialsOptions<T> {
  /** Asks identity of a hash; undefined for one that is no credential’s. */
  ask(hash: string): Promise<T | undefined>
  /** Whether what was said may still be used. Where it may not, it is asked for anew. */
  holds(known: T): boolean
  readonly max: number
}

export interface KnownCredentials<T> {
  /** Undefined for what is no credential, or not any more. Throws where it is not known and identity cannot be asked. */
  find(hash: string): Promise<T | undefined>
  forget(hash: string): void
}

export const createKnownCredentials = <T>(options: KnownCredentialsOptions<T>): KnownCredentials<T> => {
  const { holds, max } = options
  const known = new Map<string, { readonly value: T; readonly askedAt: number }>()
  const asking = new Map<string, Promise<T | undefined>>()
  const keep = (hash: string, value: T | undefined): void => {
    known.delete(hash)
    if (value === undefined) return
    const oldest = known.size >= max ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    known.set(hash, { value, askedAt: Date.now() })
  }
  const ask = async (hash: string, isWanted: () => boolean): Promise<T | undefined> => {
    try {
      const found = await options.ask(hash)
      if (isWanted()) keep(hash, found)
      return found
    } finally {
      if (isWanted()) asking.delete(hash)
    }
  }
  /** A page asks for many things at once; identity is asked once. */
  const askOnce = (hash: string): Promise<T | undefined> => {
    const begun = asking.get(hash)
    if (begun !== undefined) return begun
    const answer: Promise<T | undefined> = ask(hash, () => asking.get(hash) === answer)
    asking.set(hash, answer)
    return answer
  }
  return {
    find: async (hash) => {
      const entry = known.get(hash)
      const ageMs = entry === undefined ? heldMs : Date.now() - entry.askedAt
      if (entry !== undefined && ageMs < heldMs && holds(entry.value)) {
        if (ageMs >= freshMs) askOnce(hash).catch(() => undefined)
        return entry.value
      }
      const found = await askOnce(hash)
      return found !== undefined && holds(found) ? found : undefined
    },
    forget: (hash) => {
      known.delete(hash)
      // What is on its way may have been said before.
      asking.delete(hash)
    },
  }
}
