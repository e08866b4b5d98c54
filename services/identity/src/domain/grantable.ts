import { machineScopes, type Scope } from '@comptoir/contracts/access'

/** Whether somebody with these rights may give a machine those: nobody gives what they do not have. */
export const mayGiveMachine = (own: readonly Scope[], given: readonly Scope[]): boolean =>
  given.every((scope) => machineScopes.includes(scope) && own.includes(scope))
