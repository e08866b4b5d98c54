/** One service as data: its contract, its procedures, consumers and workers. */
import type { Contract } from '@comptoir/contracts/contract'
import type { Client } from './client.ts'
import type { Clock } from './clock.ts'
import type { ConsumerBinding } from './consumer.ts'
import type { ServiceContext } from './context.ts'
import type { Procedures, Replays } from './procedure.ts'
import type { Followable } from './settings.ts'
import type { Worker } from './worker.ts'

/** Makes the typed client of another service. */
export type Connect = <C extends Contract>(service: string, contract: C) => Client<C>

export interface ServiceDefinition<C extends Contract, Ctx extends ServiceContext> {
  readonly name: string
  readonly contract: C
  /** Folder of the SQL migrations. */
  readonly migrations: string
  context(base: ServiceContext, connect: Connect): Ctx | Promise<Ctx>
  readonly procedures: Procedures<C, Ctx>
  readonly replays?: Replays<C, Ctx>
  readonly consumers?: readonly ConsumerBinding<Ctx>[]
  readonly workers?: readonly Worker<Ctx>[]
  /** Live settings that its code reads; kept up to date for as long as it runs. */
  readonly settings?: Followable
  /** Runs once, after the migrations and before the first request. */
  start?(context: Ctx): Promise<void>
}

/** Keeps the inference of a definition; checks that every procedure of the contract is there. */
export const defineService = <C extends Contract, Ctx extends ServiceContext>(
  definition: ServiceDefinition<C, Ctx>,
): ServiceDefinition<C, Ctx> => definition

export interface RunningService<Ctx> {
  readonly url: string
  readonly context: Ctx
  /** Stops in the order in which nothing is lost: no new work, finish the old, close what it used. */
  stop(): Promise<void>
}

/** For tests: what stands in for the clock and for other services. */
export interface Substitutes {
  readonly clock?: Clock
  readonly connect?: Connect
}
