/**
 * A single call with JSON in and out, which nearly all calls are. tRPC's own handler does the rest: batches, streams and
 * whatever is not put in the usual way. Both answer the same on the wire; plain-call.test.ts holds them together.
 */
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { type AnyRouter, getTRPCErrorShape, TRPCError } from '@trpc/server'
import { asTrpcError } from './error-shape.ts'
import type { RequestFacts } from './request-facts.ts'

export interface PlainProcedure {
  readonly path: string
  readonly declaration: ProcedureContract
  /** Throws for a caller who may not call. */
  permit(facts: RequestFacts): void
  /** Runs the procedure with input that the contract has parsed. */
  resolve(resolution: { ctx: RequestFacts; input: unknown; signal: AbortSignal }): Promise<unknown>
}

export interface PlainCalls {
  readonly config: AnyRouter['_def']['_config']
  /** By path, `<service>.<procedure>`. */
  readonly procedures: ReadonlyMap<string, PlainProcedure>
  createContext(request: Request): Promise<RequestFacts>
  answerHeaders(facts: RequestFacts | undefined, errors: readonly TRPCError[]): Headers
  onError(failure: { error: TRPCError; path: string }): void
}

/** Answers the request if it is a plain call; undefined, and nothing of the request is read, if it is not. */
export const answerPlain = (request: Request, calls: PlainCalls): Promise<Response> | undefined => {
  const target = targetOf(request.url)
  const procedure = target && calls.procedures.get(target.path)
  if (procedure === undefined || !isPlain(request, procedure.declaration)) return undefined
  if (request.method !== 'GET') return target?.query === '' ? answer(request, procedure, calls) : undefined
  const text = target && inputOf(target.query)
  return text === undefined ? undefined : answer(request, procedure, { ...calls, text })
}

const isPlain = ({ method, headers }: Request, { kind }: ProcedureContract): boolean => {
  if (headers.has('trpc-accept') || headers.get('accept') === 'application/jsonl') return false
  if (kind === 'query') return method === 'GET'
  return kind === 'mutation' && method === 'POST' && headers.get('content-type') === 'application/json'
}

const opening = '/trpc/'

const targetOf = (url: string): { path: string; query: string } | undefined => {
  const at = url.indexOf(opening)
  if (at === -1) return undefined
  const rest = url.slice(at + opening.length)
  const mark = rest.indexOf('?')
  return mark === -1 ? { path: rest, query: '' } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) }
}

/** The input as our own clients put it; written in any other way it is tRPC's to read. */
const inputOf = (query: string): string | undefined => {
  const encoded = /^input=([\w%.!~*'()-]+)$/.exec(query)?.[1]
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

const answer = async (
  request: Request,
  procedure: PlainProcedure,
  calls: PlainCalls & { readonly text?: string },
): Promise<Response> => {
  let facts: RequestFacts | undefined
  try {
    facts = await calls.createContext(request)
    procedure.permit(facts)
    const input = parse(procedure.declaration, readJson(calls.text ?? (await request.text())))
    const output = await procedure.resolve({ ctx: facts, input, signal: request.signal })
    return respond(
      { result: { data: procedure.declaration.output.parse(output) } },
      200,
      calls.answerHeaders(facts, []),
    )
  } catch (thrown) {
    const error = asTrpcError(thrown)
    const { path, declaration } = procedure
    calls.onError({ error, path })
    const { config } = calls
    const shape = getTRPCErrorShape({
      config,
      error,
      type: declaration.kind,
      path,
      input: undefined,
      ctx: facts,
    })
    return respond({ error: shape }, shape.data.httpStatus, calls.answerHeaders(facts, [error]))
  }
}

const readJson = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause })
  }
}

const parse = ({ input }: ProcedureContract, given: unknown): unknown => {
  const parsed = input.safeParse(given)
  if (parsed.success) return parsed.data
  throw new TRPCError({ code: 'BAD_REQUEST', cause: parsed.error })
}

const respond = (envelope: object, status: number, headers: Headers): Response => {
  headers.set('vary', 'trpc-accept, accept')
  return Response.json(envelope, { status, headers })
}
