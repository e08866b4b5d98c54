/**
 * The way from a field to its service, for one request. Look-ups that are asked for in the same moment go to their service
 * together, and what is asked twice is sent once.
 */
import type { Actor } from '@comptoir/contracts/access'
import type { ServiceError } from '@comptoir/contracts/errors'
import DataLoader from 'dataloader'
import { refuseDeepText } from '../../json-depth.ts'
import { refusal, type Operation } from '../../operations.ts'
import { asServiceError } from '../../problem.ts'
import { networkHeader } from '../../protection/network-header.ts'
import type { Upstream, UpstreamRequest } from '../../upstream.ts'
import { dataIn, parseJson } from './envelope.ts'
import type { KeptLookUps, LookUp } from './kept-look-ups.ts'
import { openItems } from './open-items.ts'

export interface Caller {
  query(operation: Operation, input: unknown): Promise<unknown>
  mutate(operation: Operation, input: unknown, idempotencyKey: string | undefined): Promise<unknown>
  /** Resolves once the stream is open: a refusal is thrown here and not into the stream. */
  watch(operation: Operation, input: unknown): Promise<AsyncIterable<unknown>>
  /** Whether a service answered a mutation as it had answered it before. */
  readonly replayed: boolean
}

export interface CallerOptions {
  readonly upstream: Upstream
  readonly actor: Actor
  /** What the client is counted by. */
  readonly client: string | undefined
  readonly deadlineAt: number
  readonly signal: AbortSignal
  readonly lastEventId: string | undefined
  readonly kept: KeptLookUps
  /** Told of a failure that the client is not shown, because something stale could be told instead. */
  report(error: ServiceError): void
  /** Throws where the caller has asked for too much already. */
  charge?(operation: Operation): void
}

/** What services take in one batch. */
const batchMax = 10
/** Inputs travel in the address, which has an end. */
const inputsMaxCharacters = 6_000

export const createCaller = (options: CallerOptions): Caller => {
  const loaders = new Map<string, DataLoader<LookUp, unknown, string>>()
  let replayed = false
  const loaderOf = (service: string) => {
    const loader = loaders.get(service) ?? createLoader(options, service)
    loaders.set(service, loader)
    return loader
  }
  return {
    query: async (operation, input) => {
      permit(operation, options)
      const lookUp = { operation, json: jsonOf(input) }
      const kept = options.kept.find(lookUp)
      return kept === undefined ? loaderOf(operation.service).load(lookUp) : dataIn(parseJson(kept))
    },
    mutate: async (operation, input, idempotencyKey) => {
      permit(operation, options)
      const response = await options.upstream.send({
        ...requestOf(options, operation.service),
        path: `/trpc/${operation.path}`,
        method: 'POST',
        headers: {
          ...jsonHeaders,
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...networkHeader(options.client, [operation.contract]),
        },
        body: jsonOf(input),
      })
      if (response.headers.get('idempotency-replayed') === 'true') replayed = true
      return dataIn(parseJson(await response.text()))
    },
    watch: async (operation, input) => {
      permit(operation, options)
      const response = await options.upstream.send({
        ...requestOf(options, operation.service),
        path: `/trpc/${operation.path}?input=${encodeURIComponent(jsonOf(input))}`,
        headers: {
          accept: 'text/event-stream',
          ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
        },
        streams: true,
      })
      return openItems(response)
    },
    get replayed() {
      return replayed
    },
  }
}

const jsonHeaders = { 'content-type': 'application/json' }

/** However it came here, in the body or among the words of the question, it is not nested deeper than anywhere else. */
const jsonOf = (input: unknown): string => {
  const json = JSON.stringify(input)
  refuseDeepText(json)
  return json
}

const permit = (operation: Operation, { actor, charge }: CallerOptions): void => {
  const refused = refusal(operation, actor)
  if (refused !== undefined) throw refused
  charge?.(operation)
}

const requestOf = (options: CallerOptions, service: string): Omit<UpstreamRequest, 'path'> => ({
  service,
  method: 'GET',
  actor: options.actor,
  headers: jsonHeaders,
  deadlineAt: options.deadlineAt,
  signal: options.signal,
})

const createLoader = (options: CallerOptions, service: string) =>
  new DataLoader<LookUp, unknown, string>(
    async (calls) =>
      (await Promise.all(parts(calls).map((part) => sendTogether(options, service, part)))).flat(),
    { maxBatchSize: batchMax, cacheKeyFn: ({ operation, json }) => `${operation.path} ${json}` },
  )

/** Calls in order, as many together as an address can hold. */
const parts = (calls: readonly LookUp[]): LookUp[][] => {
  const made: LookUp[][] = []
  let characters = Infinity
  for (const call of calls) {
    const own = encodeURIComponent(call.json).length
    if (characters + own > inputsMaxCharacters) {
      made.push([])
      characters = 0
    }
    made.at(-1)?.push(call)
    characters += own
  }
  return made
}

/** One request for all the calls; each has its own data or its own error. */
const sendTogether = async (
  options: CallerOptions,
  service: string,
  calls: readonly LookUp[],
): Promise<unknown[]> => {
  const [first] = calls
  const alone = calls.length === 1
  const paths = calls.map(({ operation }) => operation.path).join(',')
  const inputs = `{${calls.map(({ json }, index) => `"${index}":${json}`).join(',')}}`
  const query = alone
    ? `input=${encodeURIComponent(first?.json ?? '')}`
    : `batch=1&input=${encodeURIComponent(inputs)}`
  const request = { ...requestOf(options, service), path: `/trpc/${paths}?${query}` }
  const keeping = calls.map((call) => options.kept.begin(call))
  try {
    const response = await options.upstream.send(request)
    const answer = parseJson(await response.text())
    const envelopes = Array.isArray(answer) && !alone ? (answer as unknown[]) : calls.map(() => answer)
    return calls.map((call, index) => {
      try {
        const data = dataIn(envelopes[index])
        keeping[index]?.(data)
        return data
      } catch (thrown) {
        return failedLookUp(options, call, thrown)
      }
    })
  } catch (thrown) {
    return calls.map((call) => failedLookUp(options, call, thrown))
  }
}

/** What is told where a look-up failed: the error, or rather something stale. */
const failedLookUp = ({ kept, report }: CallerOptions, call: LookUp, thrown: unknown): unknown => {
  const error = asServiceError(thrown)
  const stale = error.status < 500 ? undefined : kept.findStale(call)
  if (stale === undefined) return error
  report(error)
  return dataIn(parseJson(stale))
}
