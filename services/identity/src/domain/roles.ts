import { type Scope, scopesOfKind } from '@comptoir/contracts/access'
import { StandardRole } from '@comptoir/contracts/identity/model'
import { type Role, RoleScope } from '@comptoir/contracts/identity/staff'

/** How many roles a shop can make for itself. */
export const ownRolesMax = 100

export const isStandard = (role: string): boolean => StandardRole.safeParse(role).success

export const standardRoles: readonly Role[] = StandardRole.options.map((name) => ({
  name,
  scopes: RoleScope.array().parse(scopesOfKind[name]),
  standard: true,
  version: 1,
}))

/** The same scopes, each once and in the order in which they are declared. */
export const inOrder = (scopes: readonly RoleScope[]): RoleScope[] =>
  RoleScope.options.filter((scope) => scopes.includes(scope))

/** Nobody gives or takes a right that they do not hold: whoever administers accounts does not rise above others by it. */
export const holdsAll = (actor: { readonly scopes: readonly Scope[] }, scopes: readonly Scope[]): boolean =>
  scopes.every((scope) => actor.scopes.includes(scope))
