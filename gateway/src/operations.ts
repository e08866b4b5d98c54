/** Every public operation, found by its path on the tRPC face. */
import { judge, refusals, type Actor } from '@comptoir/contracts/access'
import type { Contract, ProcedureContract } from '@comptoir/contracts/contract'
import { commonError, type ServiceError } from '@comptoir/contracts/errors'

export interface Operation {
  readonly service: string
  readonly name: string
  /** `<service>.<procedure>` */
  readonly path: string
  readonly contract: ProcedureContract
}

export type Operations = ReadonlyMap<string, Operation>

/** Collects the operations of all services, with those that only services and the edge itself may call. */
export const allOperations = (services: Readonly<Record<string, Contract>>): Operations =>
  new Map(
    Object.entries(services).flatMap(([service, procedures]) =>
      Object.entries(procedures).map(([name, contract]) => {
        const path = `${service}.${name}`
        return [path, { service, name, path, contract }] as const
      }),
    ),
  )

/** Collects the operations that the edge offers: all but the internal ones. */
export const publicOperations = (services: Readonly<Record<string, Contract>>): Operations =>
  new Map([...allOperations(services)].filter(([, { contract }]) => contract.access !== 'internal'))

/** Why this actor may not call the operation; undefined when they may. The service checks again. */
export const refusal = (operation: Operation, actor: Actor): ServiceError | undefined => {
  const verdict = judge(operation.contract, actor, { viaService: false, now: new Date() })
  return verdict === 'allowed' ? undefined : commonError(refusals[verdict])
}
