import { Hono, type Context } from 'hono'
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import { perform, toResponse, type Answer, type House } from '../perform.ts'
import { randomId } from '../random-id.ts'
import { apiVersion } from './api-version.ts'
import { authenticate, type Keys } from './authenticate.ts'
import type { Call, Operation } from './call.ts'
import { openDesk } from './desk.ts'
import { expand } from './expand.ts'
import { parseForm, type Form } from './form.ts'
import { createIdempotency, fingerprintOf, type Claim, type Idempotency } from './idempotency.ts'
import { operations } from './operations.ts'
import { texts } from './params.ts'
import { errorAnswer, failure, StripeError } from './stripe-error.ts'

type StripeOptions = { ledger: Ledger; clock: Clock; house: House; keys: Keys; origin: () => string }
type Request = { id: string; body: string; form: Form; publishable: boolean; path: string; param: string }

const runAndExpand = (operation: Operation, call: Call): Answer => {
  const answer = operation.run(call)
  const paths = texts(call.form, 'expand')
  return answer.status === 200 ? { ...answer, body: expand(call.desk, answer.body, paths) } : answer
}

// Expanding is part of the effect, so that a kept answer is replayed as it was first given. What throws is undone (a
// savepoint inside the call's transaction); what was declined is answered, not thrown, and stays written.
const run = (operation: Operation, call: Call): { answer: Answer; executed: boolean } => {
  try {
    const answer = call.desk.ledger.transaction(() => runAndExpand(operation, call))()
    return { answer, executed: true }
  } catch (error) {
    if (error instanceof StripeError) return { answer: errorAnswer(error), executed: error.executed }
    throw error
  }
}

const isKept = (answer: Answer, executed: boolean): boolean =>
  executed && ![401, 409, 429].includes(answer.status)

const answerCall = async (
  options: StripeOptions,
  job: { operation: Operation; request: Request; claim: Claim | undefined; idempotency: Idempotency },
): Promise<Response> => {
  const { operation, request, claim, idempotency } = job
  const { ledger, clock, house, origin } = options
  const desk = openDesk(
    { ledger, clock, origin, webhooks: house.webhooks },
    { id: request.id, idempotency_key: claim?.key ?? null },
  )
  let executed = true
  let keptFailure = false
  const response = await perform(house, {
    provider: 'stripe',
    operation: operation.name,
    ledger,
    effect: () => {
      const ran = run(operation, {
        desk,
        id: request.param,
        form: request.form,
        publishable: request.publishable,
      })
      executed = ran.executed
      return ran.answer
    },
    failure,
    keep: ({ answer, said, stores }) => {
      const kept = stores === 'answer' ? answer : said
      if (claim === undefined || !isKept(kept, executed)) return
      idempotency.keep(claim, kept, clock.now())
      keptFailure = kept.status >= 500
    },
  })
  if (keptFailure) response.headers.set('stripe-should-retry', 'false')
  return response
}

const readRequest = async (c: Context, options: StripeOptions, operation: Operation): Promise<Request> => {
  const url = new URL(c.req.url)
  const body = operation.method === 'POST' ? await c.req.text() : url.search.slice(1)
  const form = parseForm(body)
  const authorization = c.req.header('authorization')
  const { publishable } = authenticate(options.keys, {
    authorization,
    form,
    open: operation.publishable === true,
  })
  return { id: '', body, form, publishable, path: url.pathname, param: c.req.param('id') ?? '' }
}

const claimOf = (c: Context, operation: Operation, request: Request): Claim | undefined => {
  const key = c.req.header('idempotency-key')
  if (operation.method !== 'POST' || key === undefined || key === '') return undefined
  return { key, endpoint: request.path, fingerprint: fingerprintOf(request.path, request.body) }
}

// Trying again what was kept as a failure only brings the failure again, so the SDK is told not to.
const replay = (kept: Answer): Response => {
  const headers = {
    'idempotent-replayed': 'true',
    ...(kept.status >= 500 && { 'stripe-should-retry': 'false' }),
  }
  return toResponse({ ...kept, headers })
}

const handle = async (
  c: Context,
  options: StripeOptions,
  job: { operation: Operation; idempotency: Idempotency; requestId: string },
): Promise<Response> => {
  const { operation, idempotency } = job
  const request = { ...(await readRequest(c, options, operation)), id: job.requestId }
  const claim = claimOf(c, operation, request)
  if (claim === undefined) return answerCall(options, { operation, request, claim, idempotency })
  const kept = idempotency.open(claim, options.clock.now())
  if (kept !== undefined) return replay(kept)
  try {
    return await answerCall(options, { operation, request, claim, idempotency })
  } finally {
    idempotency.close(claim.key)
  }
}

const finish = (c: Context, response: Response, requestId: string): Response => {
  response.headers.set('request-id', requestId)
  response.headers.set('stripe-version', c.req.header('stripe-version') ?? apiVersion)
  const key = c.req.header('idempotency-key')
  if (key !== undefined) response.headers.set('idempotency-key', key)
  // A key in use may be free in a moment.
  if (response.status === 409) response.headers.set('stripe-should-retry', 'true')
  return response
}

export const stripeRoutes = (options: StripeOptions): Hono => {
  const app = new Hono()
  const idempotency = createIdempotency(options.ledger)
  for (const operation of operations)
    app.on(operation.method, operation.path, async (c) => {
      const requestId = randomId('req_', 14)
      try {
        return finish(c, await handle(c, options, { operation, idempotency, requestId }), requestId)
      } catch (error) {
        if (!(error instanceof StripeError)) throw error
        return finish(c, toResponse(errorAnswer(error)), requestId)
      }
    })
  app.all('/v1/*', (c) => {
    const message = `Unrecognized request URL (${c.req.method}: ${c.req.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`
    return finish(c, toResponse(errorAnswer(new StripeError({ status: 404, message }))), randomId('req_', 14))
  })
  return app
}
