/** identity's public keys, as the edge has them: loaded when they are old, and when a token names one it has not got. */
import { commonError } from '@comptoir/contracts/errors'
import type { KeySet } from '@comptoir/contracts/identity/model'
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'

const maxAgeMs = 300_000
/** Anybody can name a key that nobody has, and identity may be away: neither may make us ask without a pause. */
const asksAtOnce = 5
const askEveryMs = 1_000
/** Whoever waits takes a place in the house from somebody else. */
const waitingMax = 16
const strangersMax = 1_000

/**
 * Finds the key of a token. A token may be signed by a key that is younger than what was loaded last: then it waits for
 * keys that were asked for after it came, rather than be refused. That is what identity takes to answer, and up to a second
 * more where strangers have had us ask again and again; UNAVAILABLE where too many wait.
 */
export const createKeySet = (loadKeys: () => Promise<KeySet>): JWTVerifyGetKey => {
  const loads = createLoads(loadKeys)
  const strangers = createStrangers()
  let waiting = 0
  return async (header, token) => {
    await loads.ready()
    const known = await find(loads.keys(), header, token)
    if (known !== undefined) return known
    const { kid = '' } = header
    if (strangers.has(kid)) throw new errors.JWKSNoMatchingKey()
    if (waiting >= waitingMax) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
    waiting += 1
    try {
      await loads.next()
    } finally {
      waiting -= 1
    }
    const young = await find(loads.keys(), header, token)
    if (young !== undefined) return young
    strangers.add(kid)
    throw new errors.JWKSNoMatchingKey()
  }
}

const find = async (
  keys: JWTVerifyGetKey | undefined,
  ...[header, token]: Parameters<JWTVerifyGetKey>
): Promise<Awaited<ReturnType<JWTVerifyGetKey>> | undefined> => {
  if (keys === undefined) throw commonError('UNAVAILABLE')
  try {
    return await keys(header, token)
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined
    throw error
  }
}

/** A key is published before anything is signed with it: one that was looked for in vain is nobody's, and stays so. */
const createStrangers = () => {
  const kids = new Set<string>()
  return {
    has: (kid: string): boolean => kids.has(kid),
    add: (kid: string): void => {
      const oldest = kids.size >= strangersMax ? kids.values().next().value : undefined
      if (oldest !== undefined) kids.delete(oldest)
      kids.add(kid)
    },
  }
}

const createLoads = (loadKeys: () => Promise<KeySet>) => {
  const turns = createTurns()
  let keys: JWTVerifyGetKey | undefined
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    keys = createLocalJWKSet(await loadKeys())
    loadedAt = performance.now()
  }
  const load = () => (loading ??= begin().finally(() => (loading = undefined)))
  const turn = async (): Promise<void> => {
    for (let waitMs = turns.take(); waitMs > 0; waitMs = turns.take()) await Bun.sleep(waitMs)
    await loading?.catch(() => undefined)
  }
  /** A load that begins after it was called: one that is on its way already may have read before the key was there. */
  const soon = (): Promise<void> =>
    turn().then(() => {
      next = undefined
      return load()
    })
  return {
    keys: () => keys,
    ready: async (): Promise<void> => {
      if (keys === undefined) await load()
      // Old keys serve on meanwhile, and for as long as identity is away.
      else if (performance.now() - loadedAt > maxAgeMs && loading === undefined && turns.take() === 0)
        void load().catch(() => undefined)
    },
    next: () => (next ??= soon()),
  }
}

/** So many at once, and then one a second. */
const createTurns = () => {
  let left = asksAtOnce
  let countedAt = performance.now()
  return {
    /** Takes a turn, and answers 0; or answers in how many milliseconds there is one. */
    take: (): number => {
      const now = performance.now()
      left = Math.min(asksAtOnce, left + (now - countedAt) / askEveryMs)
      countedAt = now
      if (left < 1) return Math.ceil((1 - left) * askEveryMs)
      left -= 1
      return 0
    },
  }
}
