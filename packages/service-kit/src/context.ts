/** What a service's code is handed: capabilities, no logic. */
import type { Actor } from '@comptoir/contracts/access'
import type { OutputOf, ProcedureContract } from '@comptoir/contracts/contract'
import type { ErrorDeclaration, ErrorDeclarations, ServiceError } from '@comptoir/contracts/errors'
import type { Occurrence } from '@comptoir/contracts/event'
import type { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Database, Transaction } from './database.ts'
import type { Ids } from './ids.ts'
import type { Logger } from './logger.ts'

/** What every procedure, consumer and worker of a service can use. */
export interface ServiceContext {
  readonly db: Database
  /** Runs work in one READ COMMITTED transaction; retries serialisation failures and deadlocks a few times. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Writes events into the outbox of the same transaction. */
  emit(tx: Transaction, occurrences: readonly Occurrence[]): Promise<void>
  /** Has a worker run now; called inside a transaction, once it has committed. */
  wake(worker: string): void
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
}

declare const answered: unique symbol
/** An output whose answer is stored with the transaction that made it true. */
export type Answered<T> = T & { readonly [answered]: true }

type DeclaredErrors<P extends ProcedureContract> = P extends { errors: infer E extends ErrorDeclarations }
  ? E
  : {}
type ErrorData<D> = D extends { data: infer S extends z.ZodType } ? [data: z.input<S>] : []

/** What a procedure's context has on top of its service's. */
export interface Call<P extends ProcedureContract> {
  /** Who asks; verified. */
  readonly actor: Actor
  /** A UUIDv7, the same on every retry with one Idempotency-Key. */
  readonly operationId: string
  /** The hash of the network that the request comes from, where the contract wants it and the edge could tell. */
  readonly network?: string | undefined
  /**
   * Stores the answer of an idempotent mutation in the transaction of its effect. `kept` is stored in its place where the
   * answer holds what no database may: then the service’s `replays` say how it becomes the answer again.
   */
  answer(tx: Transaction, output: OutputOf<P>, kept?: OutputOf<P>): Promise<Answered<OutputOf<P>>>
  /** Makes one of the errors that the procedure declares. */
  fail<K extends keyof DeclaredErrors<P> & string>(
    code: K,
    ...data: ErrorData<DeclaredErrors<P>[K] & ErrorDeclaration>
  ): ServiceError
}
