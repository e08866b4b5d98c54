// The gateway with services behind it that answer as a test says, asked over GraphQL.
import { anonymous, scopesOfKind, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import type { Contract } from '@comptoir/contracts/contract'
import { commonError, problemOf, ServiceError } from '@comptoir/contracts/errors'
import { createLogger } from '@comptoir/service-kit/logger'
import { app } from '../app.ts'
import type { GraphqlShown } from '../faces/graphql/graphql.ts'
import { createKeptAnswers, type KeptAnswers } from '../kept-answers.ts'
import { publicOperations } from '../operations.ts'
import type { UpstreamRequest } from '../upstream.ts'

/** What the procedures answer, by their path; an error is answered as a service would. */
type Answers = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>

export interface GraphqlEdgeOptions {
  readonly answers?: Answers
  /** Answers in place of `answers`. */
  readonly upstream?: (request: UpstreamRequest) => Response | Promise<Response>
  readonly shown?: GraphqlShown
  readonly contracts?: Readonly<Record<string, Contract>>
  readonly kept?: KeptAnswers
}

interface GraphqlResult {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly unknown[]
    readonly extensions: { readonly code: string; readonly problem: Record<string, unknown> }
  }[]
}

export const bodyMaxBytes = 40_000
export const price = { amountMinor: 1_250, currency: 'GBP' }
/** What carts answers. */
export const cart = {
  id: 'c-1',
  version: 1,
  lines: [],
  contact: null,
  address: null,
  deliveryOption: null,
  totals: { currency: 'GBP', subtotal: price, delivery: price, tax: price, total: price },
  problems: [{ code: 'CART_EMPTY' }, { code: 'DELIVERY_OPTION_NOT_OFFERED', option: 'drone' }],
}

export const asGuest = { authorization: 'Bearer guest' }
export const asStaff = { authorization: 'Bearer staff' }
const guest: Actor = { kind: 'guest', id: 'g-1', scopes: [] }
/** Holds every right, and has proved a moment ago who they are. */
const staff: Actor = {
  kind: 'admin',
  id: 's-1',
  scopes: [...scopesOfKind.admin],
  provedAt: Math.floor(Date.now() / 1_000),
}
const actors = new Map<string | undefined, Actor>([
  [undefined, anonymous],
  [asGuest.authorization, guest],
  [asStaff.authorization, staff],
])

/** Headers that make anybody of the caller. */
export const asActor = (actor: Actor): { authorization: string } => {
  const authorization = `Bearer ${JSON.stringify(actor)}`
  actors.set(authorization, actor)
  return { authorization }
}

export const graphqlEdge = (options: GraphqlEdgeOptions = {}) => {
  const sent: UpstreamRequest[] = []
  const timeouts: number[] = []
  const edge = app({
    operations: publicOperations(options.contracts ?? services),
    upstream: {
      send: async (request) => {
        sent.push(request)
        return options.upstream?.(request) ?? answerCalls(request, options.answers ?? {})
      },
    },
    authenticate: async (authorization) => {
      const actor = actors.get(authorization)
      if (actor === undefined) throw commonError('UNAUTHENTICATED')
      return actor
    },
    kept: options.kept ?? createKeptAnswers(),
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: undefined,
    keys: async () => ({ keys: [] }),
    ...(options.shown === undefined ? {} : { graphql: options.shown }),
    bodyMaxBytes,
    requestTimeoutMs: 2_000,
    log: createLogger('gateway', 'silent'),
  })
  const server = { timeout: (_request: Request, seconds: number) => timeouts.push(seconds) }
  const fetch = async (path: string, init?: RequestInit) => edge.request(path, init, { server })
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  /** Asks as a guest and reads the answer. */
  const ask = async (query: string, variables?: object, headers?: Record<string, string>) => {
    const response = await post({ query, variables }, { ...asGuest, ...headers })
    return (await response.json()) as GraphqlResult
  }
  return { edge, fetch, post, ask, sent, timeouts }
}

/** What was sent to a service, as it is read there. */
export const sentJson = (request: UpstreamRequest | undefined): unknown =>
  typeof request?.body === 'string' ? JSON.parse(request.body) : undefined

/** Answers a call or a batch on tRPC’s wire. */
const answerCalls = ({ path, body }: UpstreamRequest, answers: Answers): Response => {
  const url = new URL(path, 'http://service')
  const isBatch = url.searchParams.get('batch') === '1'
  const text = typeof body === 'string' ? body : (url.searchParams.get('input') ?? '{}')
  const given = JSON.parse(text) as Record<string, Record<string, unknown>>
  const envelopes = url.pathname
    .slice('/trpc/'.length)
    .split(',')
    .map((name, index) => answerCall(answers[name], (isBatch ? given[index] : given) ?? {}))
  return Response.json(isBatch ? envelopes : envelopes[0])
}

const answerCall = (answer: Answers[string] | undefined, input: Record<string, unknown>): object => {
  try {
    if (answer === undefined) throw commonError('NOT_FOUND')
    return { result: { data: answer(input) } }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { error: { message: error.message, data: { code: error.code, problem: problemOf(error) } } }
  }
}
