/** Who may call a procedure, and who a caller is. */
import { z } from 'zod'

/** Every right a staff member or a machine client can hold. */
export const Scope = z.enum([
  'catalog:write',
  'stock:write',
  'orders:read',
  'orders:write',
  'payments:refund',
  'delivery:write',
  'notifications:read',
  'users:write',
])
export type Scope = z.infer<typeof Scope>

/**
 * The rule of a procedure. `public`: nobody need be known. `guest`: any shopper, signed in or not, for their own things
 * only (a holder of one of `scopes` may reach everybody's). `customer`: a signed-in person. A scope: its holders only.
 * `internal`: other services only; the edge answers as if it did not exist.
 */
export type Access =
  | 'public'
  | 'guest'
  | 'customer'
  | 'internal'
  | Scope
  | { readonly own: 'guest' | 'customer'; readonly all: Scope }

export const ActorKind = z.enum(['anonymous', 'guest', 'customer', 'staff', 'admin', 'service'])
export type ActorKind = z.infer<typeof ActorKind>

/** Who is acting: made at the edge from a credential, carried between services in a signed token. */
export const Actor = z.object({ kind: ActorKind, id: z.string().max(64), scopes: z.array(Scope) })
export type Actor = z.infer<typeof Actor>

/** The actor of a request without a credential. */
export const anonymous: Actor = { kind: 'anonymous', id: 'anonymous', scopes: [] }

/** The rights that come with each kind of account. */
export const scopesOfKind: Readonly<Record<ActorKind, readonly Scope[]>> = {
  anonymous: [],
  guest: [],
  customer: [],
  staff: [
    'catalog:write',
    'stock:write',
    'orders:read',
    'orders:write',
    'payments:refund',
    'delivery:write',
    'notifications:read',
  ],
  admin: Scope.options,
  service: [],
}

/** Why a caller may not: `unknown` wants a credential (401), `refused` holds the wrong one (403), `hidden` is not told (404). */
export type Verdict = 'allowed' | 'unknown' | 'refused' | 'hidden'

/** Decides whether an actor may call a procedure. `viaService`: the call comes from another service, not from the edge. */
export const judge = (access: Access, actor: Actor, viaService: boolean): Verdict => {
  if (access === 'public') return 'allowed'
  if (access === 'internal') return viaService || actor.kind === 'service' ? 'allowed' : 'hidden'
  if (actor.kind === 'anonymous') return 'unknown'
  if (access === 'guest') return 'allowed'
  if (access === 'customer') return isAccount(actor) ? 'allowed' : 'refused'
  if (typeof access === 'string') return actor.scopes.includes(access) ? 'allowed' : 'refused'
  if (actor.scopes.includes(access.all)) return 'allowed'
  return judge(access.own, actor, viaService)
}

/** Whether the actor is a person with an account. */
export const isAccount = (actor: Actor): boolean =>
  actor.kind === 'customer' || actor.kind === 'staff' || actor.kind === 'admin'

/** Whether the actor sees everybody's things of a kind rather than only their own. */
export const seesAll = (actor: Actor, scope: Scope): boolean =>
  actor.kind === 'service' || actor.scopes.includes(scope)
