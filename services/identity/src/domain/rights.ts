import { type Scope, scopesOfKind } from '@comptoir/contracts/access'
import { StandardRole } from '@comptoir/contracts/identity/model'

/** Somebody as far as it matters for what they may do. */
export interface Holder {
  readonly id: string
  readonly kind: 'guest' | StandardRole
  readonly scopes: readonly Scope[]
  readonly rightsVersion: number
}

export const guestHolder = (id: string): Holder => ({ id, kind: 'guest', scopes: [], rightsVersion: 0 })

/** What a role is worth: one of those that every shop has, or staff with the rights of a role of the shop's own. */
export const rightsOfRole = (
  role: string,
  ownScopes: readonly Scope[] | null,
): Pick<Holder, 'kind' | 'scopes'> => {
  const { data: known } = StandardRole.safeParse(role)
  if (known !== undefined) return { kind: known, scopes: scopesOfKind[known] }
  return { kind: 'staff', scopes: ownScopes ?? [] }
}
