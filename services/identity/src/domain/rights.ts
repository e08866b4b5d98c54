import { type Scope, scopesOfKind } from '@comptoir/contracts/access'
import { StandardRole } from '@comptoir/contracts/identity/model'

/** Somebody as far as it matters for what they may do. */
export interface Holder {
  readonly id: string
  readonly kind: 'guest' | StandardRole
  readonly scopes: readonly Scope[]
  readonly rightsVersion: number
  /** Whether they have a second factor. */
  readonly secondFactor: boolean
}

/** Whether the rights of staff come with a second factor only. */
export type StaffSecondFactor = 'required' | 'optional'

export const guestHolder = (id: string): Holder => ({
  id,
  kind: 'guest',
  scopes: [],
  rightsVersion: 0,
  secondFactor: false,
})

/** What a role is worth: one of those that every shop has, or staff with the rights of a role of the shop's own. */
export const rightsOfRole = (
  role: string,
  ownScopes: readonly Scope[] | null,
): Pick<Holder, 'kind' | 'scopes'> => {
  const { data: known } = StandardRole.safeParse(role)
  if (known !== undefined) return { kind: known, scopes: scopesOfKind[known] }
  return { kind: 'staff', scopes: ownScopes ?? [] }
}

export const isStaff = ({ kind }: Pick<Holder, 'kind'>): boolean => kind === 'staff' || kind === 'admin'

/** Whether a provider's word is all that an account may ask for: what staff can do is worth more, and a second factor is ours. */
export const isProvedByProvider = (holder: Pick<Holder, 'kind' | 'secondFactor'>): boolean =>
  !isStaff(holder) && !holder.secondFactor

/** Whoever acts for somebody may have been given these, which are no rights of the staff. */
const isOwn = (scope: Scope): boolean => scope === 'account'

/**
 * What a session of the holder is worth now. One that a second factor is missing from, though the holder has one, proves
 * nothing; one of staff without a second factor, where staff need one, has no rights, but is an account all the same,
 * which can set a second factor up.
 */
export const rightsIn = (
  session: { readonly secondFactor: boolean; readonly provedAt: Date | null },
  holder: Holder,
  staffSecondFactor: StaffSecondFactor,
): { readonly scopes: readonly Scope[]; readonly provedAt: Date | null } => {
  const shown = holder.secondFactor && session.secondFactor
  const needed = holder.secondFactor || (isStaff(holder) && staffSecondFactor === 'required')
  return {
    scopes: isStaff(holder) && needed && !shown ? holder.scopes.filter(isOwn) : holder.scopes,
    provedAt: holder.secondFactor && !shown ? null : session.provedAt,
  }
}
