/**
 * Public answers that are told again for as long as their contracts allow, most often a few seconds, and for some minutes
 * more while their service fails. What was changed meanwhile is forgotten, even where it cannot be asked for again.
 * Nothing is kept that was asked for with a credential, and nothing is told to somebody who shows one.
 */
import { showsCredential } from './credentials/browser-cookie.ts'
import { asksForStream } from './faces/trpc/asks-for-stream.ts'
import type { Freshness } from './freshness.ts'

export interface KeptAnswer extends Freshness {
  readonly body: string
  /** Of the resource that it shows, if it shows one. */
  readonly version?: number | undefined
  /** Headers of a request that it depends on, beside its coding. */
  readonly vary?: string | undefined
  /** The route that it came by, such as `/v1/products/:productId`. */
  readonly route: string
  readonly service: string
  /** `performance.now()` when it was kept. */
  readonly keptAt: number
}

/** What an answer is found by. */
export type Asking = Pick<Request, 'method' | 'url' | 'headers'>

export interface KeptAnswers {
  /** What may be told in answer to a request. */
  find(request: Asking): KeptAnswer | undefined
  /** What may be told where its service fails: an answer that may have gone stale, but not been forgotten. */
  findStale(request: Asking): KeptAnswer | undefined
  /** Whole seconds since an answer was kept. */
  ageOf(answer: KeptAnswer): number
  /** Begins an answer; the function keeps it, unless its service has been written to meanwhile. */
  begin(request: Asking, service: string): (answer: Omit<KeptAnswer, 'service' | 'keptAt'>) => void
  /** Tells nothing any more of what a service has said so far: call it after a write. */
  forget(service: string): void
}

const bodyMaxCharacters = 64 * 1024
const totalMaxCharacters = 16 * 1024 * 1024
/** What an entry costs beside its text. */
const entryCharacters = 256

/** Bounded: what was kept first goes first. `now` in milliseconds. */
export const createKeptAnswers = (now: () => number = () => performance.now()): KeptAnswers => {
  const kept = new Map<string, KeptAnswer>()
  const writes = new Map<string, number>()
  let characters = 0
  const drop = (key: string): void => {
    const answer = kept.get(key)
    if (answer === undefined) return
    characters -= sizeOf(key, answer)
    kept.delete(key)
  }
  const put = (key: string, answer: KeptAnswer): void => {
    drop(key)
    kept.set(key, answer)
    characters += sizeOf(key, answer)
    for (const oldest of kept.keys()) {
      if (characters <= totalMaxCharacters) return
      drop(oldest)
    }
  }
  return {
    find: (request) => {
      if (!isOpen(request)) return undefined
      const answer = kept.get(keyOf(request))
      return answer !== undefined && ageOf(answer, now()) < answer.cacheSeconds ? answer : undefined
    },
    findStale: (request) => {
      if (!isOpen(request)) return undefined
      const answer = kept.get(keyOf(request))
      if (answer === undefined) return undefined
      return ageOf(answer, now()) < answer.cacheSeconds + answer.staleIfErrorSeconds ? answer : undefined
    },
    ageOf: (answer) => Math.floor(ageOf(answer, now())),
    begin: (request, service) => {
      const key = keyOf(request)
      const before = writes.get(service)
      return (answer) => {
        const isWanted = isOpen(request) && answer.body.length <= bodyMaxCharacters
        if (isWanted && writes.get(service) === before) put(key, { ...answer, service, keptAt: now() })
      }
    },
    forget: (service) => {
      writes.set(service, (writes.get(service) ?? 0) + 1)
      for (const [key, answer] of kept) if (answer.service === service) drop(key)
    },
  }
}

/** The question counts too: anybody can ask long ones that are answered in a few words. */
const sizeOf = (key: string, { body }: KeptAnswer): number => key.length + body.length + entryCharacters

const ageOf = ({ keptAt }: KeptAnswer, now: number): number => (now - keptAt) / 1_000

/** A stream of lines has the address of the batch that it tells piece by piece. */
const isOpen = ({ method, headers }: Asking): boolean =>
  method === 'GET' && !showsCredential(headers) && !asksForStream(headers)

/** Path and query; the host is the client's to choose. */
const keyOf = ({ url }: Asking): string => url.slice(url.indexOf('/', 8))
