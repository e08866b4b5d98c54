/** The type of a procedure's implementation, derived from its contract. */
import type { Contract, InputOf, OutputOf, ProcedureContract } from '@comptoir/contracts/contract'
import type { Answered, Call } from './context.ts'

/** An idempotent mutation must return what `ctx.answer` gave, so that nobody forgets to store it. */
export type ResultOf<P extends ProcedureContract> = P extends { kind: 'subscription' }
  ? AsyncIterable<OutputOf<P>>
  : P extends { idempotent: 'optional' | 'required' }
    ? Promise<Answered<OutputOf<P>>>
    : Promise<OutputOf<P>>

/** Input is parsed already; `signal` aborts when the caller leaves or the deadline passes. */
export type Procedure<P extends ProcedureContract, Context> = (call: {
  ctx: Context & Call<P>
  input: InputOf<P>
  signal: AbortSignal
}) => ResultOf<P>

/** Makes a repeated call’s answer of what was stored of the first one. It may fail like the procedure, and be asked again. */
export type Replay<P extends ProcedureContract, Context> = (call: {
  ctx: Context & Call<P>
  kept: OutputOf<P>
}) => Promise<OutputOf<P>>

/** For the procedures whose answers are not stored as they are. */
export type Replays<C extends Contract, Context> = { readonly [K in keyof C]?: Replay<C[K], Context> }

/** One implementation for each procedure of a contract. */
export type Procedures<C extends Contract, Context> = { readonly [K in keyof C]: Procedure<C[K], Context> }
