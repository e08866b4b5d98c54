import { delegableScopes, machineScopes, type Scope } from '@comptoir/contracts/access'

/** Whether somebody with these rights may give a machine those: nobody gives what they do not have. */
export const mayGiveMachine = (own: readonly Scope[], given: readonly Scope[]): boolean =>
  given.every((scope) => machineScopes.includes(scope) && own.includes(scope))

/** Whether somebody may register a client for these: for people it never has more than they themselves have. */
export const mayGiveClient = (
  own: readonly Scope[],
  { scopes, actsForItself, actsForPeople }: ClientGrant,
): boolean =>
  scopes.every(
    (scope) =>
      (actsForPeople && delegableScopes.includes(scope)) || (actsForItself && machineScopes.includes(scope)),
  ) &&
  (!actsForItself ||
    mayGiveMachine(
      own,
      scopes.filter((scope) => scope !== 'account'),
    ))

interface ClientGrant {
  readonly scopes: readonly Scope[]
  readonly actsForItself: boolean
  readonly actsForPeople: boolean
}
