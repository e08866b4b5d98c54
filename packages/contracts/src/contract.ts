/** A contract is data: what a procedure is called, who may call it, what goes in, comes out and can go wrong. */
import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { z } from 'zod'
import type { AccessRule } from './access.ts'
import type { ErrorDeclarations, Problem } from './errors.ts'

/** Where the REST façade puts a procedure. Path parameters are written `{name}` and are fields of the input. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/v1/${string}`
  /** Status of success; 200 unless told, and 204 has no body. */
  readonly status?: 200 | 201 | 202 | 204
}

/** What goes first where not everybody can be served: `checkout` last of all gives way, `crawl` first. */
export type Priority = 'checkout' | 'account' | 'browse' | 'crawl'

interface Declaration<
  I extends z.ZodType,
  O extends z.ZodType,
  E extends ErrorDeclarations,
> extends AccessRule {
  /** One line for people, shown in the OpenAPI document. */
  readonly summary: string
  /** What the summary has no room for, shown after who may call it. */
  readonly description?: string
  /** Absent: no REST route. */
  readonly http?: HttpRoute
  /** Must not transform: a value may be parsed on more than one hop. */
  readonly input: I
  readonly output: O
  /** The errors a caller should be ready for, by code. Validation, access and internal errors are implied. */
  readonly errors?: E
  /**
   * Unless told: writes of shoppers are `checkout`, public reads are `browse`, and everything else, people's own things
   * and the staff's work, is `account`.
   */
  readonly priority?: Priority
  /** The service is told which network the request comes from, by a hash: it counts by that what strangers could use up. */
  readonly byNetwork?: true
  /** How long a caller waits at most, in milliseconds: 5,000 for a mutation and 2,000 for anything else unless told. */
  readonly timeoutMs?: number
}

interface Repeatable {
  /** `optional`: honours an Idempotency-Key; `required`: refuses to run without one. */
  readonly idempotent?: 'optional' | 'required'
}

interface Guarded {
  /**
   * `version`: the input has an optional `version`, the one that the caller has read, and the write answers
   * PRECONDITION_FAILED where the resource has another by then. Over REST it comes in `If-Match` (RFC 9110, 13.1.1).
   */
  readonly concurrency?: 'version'
}

interface Opening {
  /**
   * `opens`: the output is a `Session`, a new one or the same with new tokens. A browser calls it as
   * `POST /session/<procedure>` and gets a cookie, no token.
   */
  readonly session?: 'opens'
}

interface Cacheable {
  /** How long a public answer may be re-used by the edge and by clients, in seconds. */
  readonly cacheSeconds?: number
  /** For how much longer it may be told while its service fails (RFC 5861), in seconds; 300 unless told. */
  readonly staleIfErrorSeconds?: number
}

export type Query<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends ErrorDeclarations = ErrorDeclarations,
> = Declaration<I, O, E> & Cacheable & { readonly kind: 'query' }

export type Mutation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends ErrorDeclarations = ErrorDeclarations,
> = Declaration<I, O, E> & Repeatable & Guarded & Opening & { readonly kind: 'mutation' }

/** `output` is one item of the stream; it has an `id` when a client may resume after it. */
export type Subscription<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends ErrorDeclarations = ErrorDeclarations,
> = Declaration<I, O, E> & { readonly kind: 'subscription' }

export type ProcedureContract = Query | Mutation | Subscription
export type Contract = Readonly<Record<string, ProcedureContract>>

/** Declares a read. Literal types are kept, so that errors and access can be derived from it. */
export const query = <const D extends Omit<Query, 'kind'>>(declaration: D): D & { kind: 'query' } => ({
  ...declaration,
  kind: 'query',
})

/** Declares a write. */
export const mutation = <const D extends Omit<Mutation, 'kind'>>(
  declaration: D,
): D & { kind: 'mutation' } => ({
  ...declaration,
  kind: 'mutation',
})

/** Declares a stream of items. */
export const subscription = <const D extends Omit<Subscription, 'kind'>>(
  declaration: D,
): D & { kind: 'subscription' } => ({ ...declaration, kind: 'subscription' })

/** How long a caller of the procedure waits at most, in milliseconds; for a stream, until it begins. */
export const timeoutMsOf = ({ kind, timeoutMs }: ProcedureContract): number =>
  timeoutMs ?? (kind === 'mutation' ? 5_000 : 2_000)

export type InputOf<P extends ProcedureContract> = z.output<P['input']>
export type OutputOf<P extends ProcedureContract> = z.output<P['output']>
/** The codes a procedure declares. */
export type ErrorCodeOf<P extends ProcedureContract> = P extends { errors: infer E }
  ? keyof E & string
  : never

/** The error shape every procedure answers with on tRPC: `data.code` is the contract's code. */
export type ErrorShape = Omit<TRPCDefaultErrorShape, 'data'> & {
  data: Omit<TRPCDefaultErrorShape['data'], 'code' | 'stack'> & { code: string; problem: Problem }
}

interface Root {
  ctx: object
  meta: object
  errorShape: ErrorShape
  transformer: false
}

interface Def<P extends ProcedureContract> {
  meta: object
  input: z.input<P['input']>
  output: z.output<P['output']>
  errorShape: ErrorShape
}

/** The tRPC procedure type of one declaration. */
export type ProcedureOf<P extends ProcedureContract> = P extends { kind: 'query' }
  ? TRPCQueryProcedure<Def<P>>
  : P extends { kind: 'mutation' }
    ? TRPCMutationProcedure<Def<P>>
    : TRPCSubscriptionProcedure<
        Omit<Def<P>, 'output'> & { output: AsyncIterable<StreamedOf<z.output<P['output']>>> }
      >

/** An item with an id comes wrapped, so that a client can resume after it. */
type StreamedOf<T> = T extends { readonly id: string } ? { id: string; data: T } : T

export type RecordOf<C extends Contract> = { [K in keyof C]: ProcedureOf<C[K]> }

/** The tRPC router type of one service's contract, its procedures under the service's name. */
export type RouterOf<C extends Contract> = TRPCBuiltRouter<Root, RecordOf<C>>

/** The tRPC router type of several contracts, each under its service's name. */
export type RouterOfAll<S extends Readonly<Record<string, Contract>>> = TRPCBuiltRouter<
  Root,
  { [K in keyof S]: RecordOf<S[K]> }
>
