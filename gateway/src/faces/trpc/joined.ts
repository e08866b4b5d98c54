/** The answers of a batch, told together once all are there, or line by line as they arrive. */
import type { ServiceError } from '@comptoir/contracts/errors'
import { errorEnvelope, errorHeaders } from './answer.ts'

export interface Answer {
  readonly index: number
  readonly envelope: unknown
  readonly status: number
  /** What belongs into the head of an answer of this status: a challenge, when to come back, which methods there are. */
  readonly headers: Readonly<Record<string, string>>
}

/** The answer of a call that failed by itself. */
export const failedAnswer = (
  { index, path }: { index: number; path: string },
  error: ServiceError,
): Answer => ({
  index,
  envelope: errorEnvelope(path, error),
  status: error.status,
  headers: errorHeaders(error),
})

/** In the order of the calls, under the status that they have in common, or under 207. */
export const answerTogether = (answers: readonly Answer[], isBatch: boolean): Response => {
  const ordered = answers.toSorted((a, b) => a.index - b.index)
  const statuses = new Set(ordered.map((answer) => answer.status))
  const [only] = statuses
  const isAlike = statuses.size === 1
  const envelopes = ordered.map((answer) => answer.envelope)
  return Response.json(isBatch ? envelopes : envelopes[0], {
    status: isAlike ? (only ?? 200) : 207,
    headers: isAlike ? commonHeaders(ordered) : {},
  })
}

const commonHeaders = (answers: readonly Answer[]): Record<string, string> => {
  const valuesOf = (name: string) => [...new Set(answers.flatMap(({ headers }) => headers[name] ?? []))]
  const waits = valuesOf('retry-after').map(Number)
  const challenges = valuesOf('www-authenticate')
  const [methods, ...others] = valuesOf('allow')
  return {
    // Who comes back earlier gets one of them refused again.
    ...(waits.length === 0 ? {} : { 'retry-after': String(Math.max(...waits)) }),
    ...(challenges.length === 0 ? {} : { 'www-authenticate': challenges.join(', ') }),
    ...(methods === undefined || others.length > 0 ? {} : { allow: methods }),
  }
}

export interface Streamed {
  /** What is known already. */
  readonly told: readonly Answer[]
  /** Each is told when it is there; none fails. */
  readonly coming: readonly {
    readonly indexes: readonly number[]
    readonly answers: Promise<readonly Answer[]>
  }[]
  /** Called when nobody listens any more. */
  onLeave(): void
}

const fulfilled = 0
const promise = 0
const encoder = new TextEncoder()

/**
 * tRPC’s JSON lines: the first has a place for every call, and holds those answers that are known; each other one fills a
 * place. The status is 200 whatever becomes of the calls.
 */
export const answerByLines = ({ told, coming, onLeave }: Streamed): Response => {
  const head = Object.fromEntries([
    ...told.map(({ index, envelope }) => [index, [[envelope]]]),
    ...coming.flatMap(({ indexes }) => indexes.map((index) => [index, [[0], [null, promise, index]]])),
  ])
  let isHeard = true
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const write = (line: unknown) => {
        if (isHeard) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      write(head)
      const writing = coming.map(async ({ answers }) => {
        for (const { index, envelope } of await answers) write([index, fulfilled, [[envelope]]])
      })
      void Promise.all(writing).then(() => {
        if (isHeard) controller.close()
      })
    },
    cancel: () => {
      isHeard = false
      onLeave()
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
