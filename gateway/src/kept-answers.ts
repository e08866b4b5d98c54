/**
 * Public answers that are told again for as long as their contracts allow, most often a few seconds. Nothing is kept that
 * was asked for with a credential, and nothing is told to somebody who shows one.
 */
export interface KeptAnswer {
  readonly body: string
  /** Of the resource that it shows, if it shows one. */
  readonly version?: number | undefined
  /** The route that it came by, such as `/v1/products/:productId`. */
  readonly route: string
  readonly service: string
  readonly cacheSeconds: number
  /** `performance.now()` when it was kept. */
  readonly keptAt: number
}

export interface KeptAnswers {
  /** What may be told in answer to a request. */
  find(request: Request): KeptAnswer | undefined
  /** Begins an answer; the function keeps it, unless its service has been written to meanwhile. */
  begin(
    request: Request,
    service: string,
  ): (answer: Pick<KeptAnswer, 'body' | 'version' | 'route' | 'cacheSeconds'>) => void
  /** Tells nothing any more of what a service has said so far: call it after a write. */
  forget(service: string): void
}

const bodyMaxCharacters = 64 * 1024
const totalMaxCharacters = 16 * 1024 * 1024
/** What an entry costs beside its text. */
const entryCharacters = 256

/** Bounded: what was kept first goes first. */
export const createKeptAnswers = (): KeptAnswers => {
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
      const key = keyOf(request)
      const answer = kept.get(key)
      if (answer === undefined || ageOf(answer) < answer.cacheSeconds) return answer
      drop(key)
      return undefined
    },
    begin: (request, service) => {
      const key = keyOf(request)
      const before = writes.get(service)
      return (answer) => {
        const isWanted = isOpen(request) && answer.body.length <= bodyMaxCharacters
        if (isWanted && writes.get(service) === before)
          put(key, { ...answer, service, keptAt: performance.now() })
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

/** Seconds since the answer was kept. */
export const ageOf = ({ keptAt }: KeptAnswer): number => (performance.now() - keptAt) / 1_000

const isOpen = ({ method, headers }: Request): boolean => method === 'GET' && !headers.has('authorization')

/** Path and query; the host is the client's to choose. */
const keyOf = ({ url }: Request): string => url.slice(url.indexOf('/', 8))
