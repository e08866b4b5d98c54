/** What identity has revoked, so that a signed token of a session that is over, or of rights that are gone, is no credential. */
import type { Revocation } from '@comptoir/contracts/identity/model'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import type { Logger } from '@comptoir/service-kit/logger'

/** By what a credential can be revoked. */
export interface Standing {
  readonly subject: string
  readonly session?: string | undefined
  /** The version of the subject's rights that it was given for. */
  readonly rights?: number | undefined
}

export interface Revocations {
  /** Resolves once it is known what has been revoked so far. */
  loaded(): Promise<void>
  revokes(standing: Standing): boolean
  stop(): void
}

export interface RevocationsOptions {
  /** Without `since` all that may matter still. */
  load(since: string | undefined): Promise<{ revocations: readonly Revocation[]; until: string }>
  readonly everyMs: number
  readonly log: Logger
}

/** Longer than any access token lives. */
const keptMs = 30 * 60_000

/**
 * Asks again and again: what identity has ended is no credential here within `everyMs` and what it takes to answer. While it
 * cannot be asked, what was known holds on, and whoever is known is let in for a quarter of an hour after identity was asked
 * of them last: nobody can end anything where identity is away, and where it is only out of reach from here, what it ended
 * meanwhile is heard with the first answer, which begins where the last one ended.
 */
export const followRevocations = ({ load, everyMs, log }: RevocationsOptions): Revocations => {
  const sessions = createKept<true>()
  const leastRights = createKept<number>()
  let since: string | undefined
  let asking: Promise<void> | undefined
  const ask = async (): Promise<void> => {
    const { revocations, until } = await load(since)
    for (const { subject, session, rightsVersion } of revocations) {
      if (session === null)
        leastRights.set(subject, Math.max(rightsVersion ?? Infinity, leastRights.get(subject) ?? 0))
      else sessions.set(session, true)
    }
    since = until
  }
  const askOnce = () => (asking ??= ask().finally(() => (asking = undefined)))
  const timer = setInterval(() => {
    if (since === undefined) return
    askOnce().catch((error: unknown) => log.warn('revocations are not known', { reason: errorFacts(error) }))
  }, everyMs)
  return {
    loaded: async () => {
      if (since === undefined) await askOnce()
    },
    revokes: ({ subject, session, rights }) =>
      (session !== undefined && sessions.get(session) !== undefined) ||
      (rights ?? 0) < (leastRights.get(subject) ?? 0),
    stop: () => clearInterval(timer),
  }
}

/** A map that forgets what was put in long ago. */
const createKept = <V>() => {
  const kept = new Map<string, { value: V; at: number }>()
  return {
    get: (key: string): V | undefined => kept.get(key)?.value,
    set: (key: string, value: V): void => {
      const now = Date.now()
      // In the order of insertion: the oldest come first.
      for (const [old, { at }] of kept) {
        if (now - at < keptMs) break
        kept.delete(old)
      }
      kept.delete(key)
      kept.set(key, { value, at: now })
    },
  }
}
