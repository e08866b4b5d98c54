/** Turns a contract and its implementations into a tRPC endpoint; a procedure that is missing does not compile. */
import { judge, refusals } from '@comptoir/contracts/access'
import type { Contract, ProcedureContract } from '@comptoir/contracts/contract'
import { commonError, commonErrors, declaredError, type ServiceError } from '@comptoir/contracts/errors'
import { initTRPC, tracked } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { VerifiedCall } from '../actor-token.ts'
import type { Answered, Call, ServiceContext } from '../context.ts'
import type { Transaction } from '../database.ts'
import { asTrpcError, errorShape, serviceErrorOf } from './error-shape.ts'
import type { IdempotencyStore, Run } from './idempotent-call.ts'
import { callOnce } from './idempotent-call.ts'
import type { Procedures, Replays } from '../procedure.ts'
import { refuseMisdirected } from '../misdirected.ts'
import { observeCall } from './observe-call.ts'
import { answerPlain, type PlainCalls, type PlainProcedure } from './plain-call.ts'
import { readRequestFacts, type RequestFacts } from './request-facts.ts'
import { runInScope, type Scope } from '../scope.ts'

export interface Implementation<C extends Contract, Ctx extends ServiceContext> {
  readonly service: string
  readonly contract: C
  readonly procedures: Procedures<C, Ctx>
  readonly replays?: Replays<C, Ctx> | undefined
  readonly context: Ctx
  readonly idempotency: IdempotencyStore
  verify(token: string): Promise<VerifiedCall>
}

const t = initTRPC.context<RequestFacts>().create({
  errorFormatter: errorShape,
  sse: { ping: { enabled: true, intervalMs: 2_000 }, client: { reconnectAfterInactivityMs: 8_000 } },
})

/** The HTTP handler of a service's procedures at `/trpc/<service>.<procedure>`. */
export const implement = <C extends Contract, Ctx extends ServiceContext>(
  implementation: Implementation<C, Ctx>,
): ((request: Request) => Promise<Response>) => {
  const built = Object.entries(implementation.contract).map(
    ([name, declaration]) => [name, build(implementation, name, declaration)] as const,
  )
  const record = Object.fromEntries(built.map(([name, { procedure }]) => [name, procedure]))
  const router = t.router({ [implementation.service]: t.router(record) })
  const calls: PlainCalls = {
    // oxlint-disable-next-line no-underscore-dangle -- where tRPC keeps a router’s error formatter
    config: router._def._config,
    procedures: new Map(built.map(([, { plain }]) => [plain.path, plain])),
    createContext: (request) => readRequestFacts(request, implementation.verify),
    answerHeaders,
    onError: ({ error, path }) => report(implementation.context, serviceErrorOf(error), path),
  }
  const answerOther = (request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router,
      maxBatchSize: 10,
      createContext: () => calls.createContext(request),
      responseMeta: ({ ctx, errors }) => ({ headers: answerHeaders(ctx, errors) }),
      onError: ({ error, path }) => report(implementation.context, serviceErrorOf(error), path),
    })
  return async (request) =>
    answerPlain(request, calls) ?? refuseMisdirected(request, implementation.service) ?? answerOther(request)
}

// The procedures of a contract differ in their types; from here on they are handled alike.
type AnyProcedure = (call: { ctx: object; input: unknown; signal: AbortSignal }) => unknown
type AnyReplay = (call: { ctx: object; kept: unknown }) => Promise<unknown>

const build = <C extends Contract, Ctx extends ServiceContext>(
  implementation: Implementation<C, Ctx>,
  name: string,
  declaration: ProcedureContract,
) => {
  const run = implementation.procedures[name] as unknown as AnyProcedure
  const path = `${implementation.service}.${name}`
  const call = ({ ctx: facts, input, signal }: Resolution, operation?: Run) =>
    run({
      ctx: {
        ...implementation.context,
        ...callOf(declaration, facts, operation ?? fresh(implementation.context)),
      },
      input,
      // Most procedures never look at it, and each one made keeps a timer until the deadline.
      get signal() {
        return signalOf(facts, signal)
      },
    })
  const replay = implementation.replays?.[name] as unknown as AnyReplay | undefined
  const complete = async (kept: unknown, facts: RequestFacts): Promise<unknown> =>
    replay === undefined
      ? kept
      : replay({
          ctx: { ...implementation.context, ...callOf(declaration, facts, fresh(implementation.context)) },
          kept,
        })
  const guarded = guard(declaration, implementation.context)
  const resolve = async (resolution: Resolution): Promise<unknown> => {
    const { ctx: facts, input } = resolution
    const once = { store: implementation.idempotency, declaration, name, facts, input, complete }
    try {
      return await runInScope(scopeOf(name, declaration, facts), () =>
        observeCall(path, () => callOnce(once, async (operation) => call(resolution, operation))),
      )
    } catch (error) {
      throw asTrpcError(error)
    }
  }
  const listen = (resolution: Resolution): AsyncGenerator<unknown> => {
    // A stream lives for as long as somebody listens.
    const listening = { ...resolution, ctx: { ...resolution.ctx, deadlineAt: undefined } }
    const open = () => call(listening) as AsyncIterable<unknown>
    return items(declaration, () => runInScope(scopeOf(name, declaration, listening.ctx), open))
  }
  const plain: PlainProcedure = {
    path,
    declaration,
    permit: (facts) => permit(declaration, facts, implementation.context),
    resolve,
  }
  return { plain, procedure: procedureOf(declaration, guarded, { resolve, listen }) }
}

const procedureOf = (
  declaration: ProcedureContract,
  guarded: Guarded,
  run: {
    resolve(resolution: Resolution): Promise<unknown>
    listen(resolution: Resolution): AsyncGenerator<unknown>
  },
) => {
  if (declaration.kind === 'query') return guarded.output(declaration.output).query(run.resolve)
  if (declaration.kind === 'mutation') return guarded.output(declaration.output).mutation(run.resolve)
  return guarded.subscription(run.listen)
}

type Guarded = ReturnType<typeof guard>

const guard = (declaration: ProcedureContract, context: ServiceContext) =>
  t.procedure
    .use(({ ctx, next }) => {
      permit(declaration, ctx, context)
      return next()
    })
    .input(declaration.input)

interface Resolution {
  readonly ctx: RequestFacts
  readonly input: unknown
  readonly signal: AbortSignal | undefined
}

/** Checks each item of a stream against the contract, and makes those with an id resumable. */
async function* items(
  declaration: ProcedureContract,
  open: () => AsyncIterable<unknown>,
): AsyncGenerator<unknown> {
  try {
    for await (const raw of open()) {
      const item: unknown = declaration.output.parse(raw)
      yield isIdentified(item) ? tracked(item.id, item) : item
    }
  } catch (error) {
    throw asTrpcError(error)
  }
}

const isIdentified = (item: unknown): item is { id: string } =>
  typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'

const permit = (declaration: ProcedureContract, facts: RequestFacts, { clock }: ServiceContext): void => {
  const verdict = judge(declaration, facts.actor, {
    viaService: facts.caller !== 'gateway',
    now: clock.now(),
  })
  if (verdict !== 'allowed') throw asTrpcError(commonError(refusals[verdict]))
}

const callOf = (
  declaration: ProcedureContract,
  facts: RequestFacts,
  operation: Pick<Run, 'operationId' | 'store'>,
): Call<ProcedureContract> => ({
  actor: facts.actor,
  operationId: operation.operationId,
  network: declaration.byNetwork === true ? facts.network : undefined,
  answer: async (tx: Transaction, output, kept = output) => {
    await operation.store(tx, kept)
    return output as Answered<typeof output>
  },
  fail: (code, ...data) => declaredError(declaration.errors ?? {}, code, ...(data as [])),
})

/** An operation without a key: nobody can repeat it, so there is nothing to store. */
const fresh = ({ ids }: ServiceContext): Pick<Run, 'operationId' | 'store'> => ({
  operationId: ids.next(),
  store: () => Promise.resolve(),
})

const scopeOf = (
  label: string,
  { kind }: ProcedureContract,
  { actor, deadlineAt, caller }: RequestFacts,
): Scope => ({
  label,
  actor,
  // The gateway repeats reads that are not answered.
  isRepeated: kind === 'query' && caller === 'gateway',
  ...(deadlineAt === undefined ? {} : { deadlineAt }),
})

const signalOf = ({ deadlineAt }: RequestFacts, signal: AbortSignal | undefined): AbortSignal => {
  const signals = signal === undefined ? [] : [signal]
  if (deadlineAt !== undefined)
    signals.push(AbortSignal.timeout(Math.max(1, Math.floor(deadlineAt - performance.now()))))
  return AbortSignal.any(signals)
}

const answerHeaders = (facts: RequestFacts | undefined, errors: readonly unknown[]): Headers => {
  const headers = facts?.responseHeaders ?? new Headers()
  for (const error of errors) {
    const { retryAfterSeconds, status, code } = serviceErrorOf(error)
    if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds))
    // Such as a provider's outage: the service itself is well, and whoever counts its failures must know.
    if (status >= 500 && !Object.hasOwn(commonErrors, code)) headers.set('x-error-declared', 'true')
  }
  return headers
}

const report = ({ log }: ServiceContext, error: ServiceError, path: string | undefined): void => {
  if (error.status < 500) return
  log.error('procedure failed', { procedure: path, code: error.code, cause: error.cause })
}
