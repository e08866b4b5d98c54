/** Who may call a procedure, and who a caller is. */
import { z } from 'zod'
import type { CommonErrorCode } from './errors.ts'

/** Every right that a member of staff, a machine or a third party can hold. */
export const Scope = z.enum([
  'account',
  'catalog:write',
  'stock:write',
  'orders:read',
  'orders:write',
  'payments:refund',
  'delivery:write',
  'notifications:read',
  'users:write',
  'clients:write',
  'audit:read',
])
export type Scope = z.infer<typeof Scope>

/** Rights over people and keys: nobody but a signed-in person ever holds them. */
const personal: readonly Scope[] = ['users:write', 'clients:write', 'audit:read']

/** What a machine may be given: neither rights over people and keys nor somebody's own things. */
export const machineScopes: readonly Scope[] = Scope.options.filter(
  (scope) => scope !== 'account' && !personal.includes(scope),
)

/**
 * What a person may let a third party do for them: `account` is their own profile, cart and orders. To give money back wants
 * a fresh proof of the person, which nobody has for them.
 */
export const delegableScopes: readonly Scope[] = [
  'account',
  ...machineScopes.filter((scope) => scope !== 'payments:refund'),
]

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

/** `client` is a machine of somebody else's, with a key or client credentials of its own. */
export const ActorKind = z.enum(['anonymous', 'guest', 'customer', 'staff', 'admin', 'client', 'service'])
export type ActorKind = z.infer<typeof ActorKind>

/** Who is acting: made at the edge from a credential, carried between services in a signed token. */
export const Actor = z.object({
  kind: ActorKind,
  id: z.string().max(64),
  scopes: z.array(Scope),
  /** The sign-in behind it; a machine has none. */
  session: z.uuid().optional(),
  /** When the person last showed all that proves who they are, in seconds since 1970. */
  provedAt: z.int().optional(),
  /** The third party that acts for the person (RFC 8693, 4.1): it has the person's rights only as far as they gave them. */
  via: z.string().max(64).optional(),
})
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
  admin: Scope.options.filter((scope) => scope !== 'account'),
  client: [],
  service: [],
}

/** What a contract says of who may call a procedure. */
export interface AccessRule {
  readonly access: Access
  /**
   * Only for a person who proved who they are within the last ten minutes (RFC 9470). A machine never did, and need not.
   * `all`: this holds for those whom the rule lets reach everybody's things, not for those who reach only their own.
   */
  readonly fresh?: true | 'all'
}

export interface Circumstances {
  /** The call comes from another service, not from the edge. */
  readonly viaService: boolean
  readonly now: Date
}

/** How long a proof of who somebody is counts as fresh, in seconds. */
export const freshSeconds = 600

/**
 * Why a caller may not: `unknown` wants a credential (401), `stale` a fresh proof of who they are (401), `refused` holds
 * the wrong one (403), `hidden` is not told (404).
 */
export type Verdict = 'allowed' | 'unknown' | 'stale' | 'refused' | 'hidden'

/** What a caller is told who may not. */
export const refusals = {
  unknown: 'UNAUTHENTICATED',
  stale: 'REAUTHENTICATION_REQUIRED',
  refused: 'FORBIDDEN',
  hidden: 'NOT_FOUND',
} as const satisfies Record<Exclude<Verdict, 'allowed'>, CommonErrorCode>

/** Decides whether an actor may call a procedure. */
export const judge = (rule: AccessRule, actor: Actor, circumstances: Circumstances): Verdict => {
  const verdict = judgeAccess(rule.access, actor, circumstances.viaService)
  if (verdict !== 'allowed' || !wantsProof(rule, actor)) return verdict
  if (actor.kind === 'service' || actor.kind === 'client') return 'allowed'
  // Whoever acts for somebody must not act on what keeps the somebody safe.
  if (actor.via !== undefined) return 'refused'
  const ageSeconds = circumstances.now.getTime() / 1_000 - (actor.provedAt ?? Number.NEGATIVE_INFINITY)
  return ageSeconds <= freshSeconds ? 'allowed' : 'stale'
}

/** Whose a thing is, is known only once it is looked up: whoever could reach others' things is asked for their own as well. */
const wantsProof = ({ access, fresh }: AccessRule, actor: Actor): boolean =>
  fresh === true || (fresh === 'all' && typeof access === 'object' && actor.scopes.includes(access.all))

const judgeAccess = (access: Access, actor: Actor, viaService: boolean): Verdict => {
  if (access === 'public') return 'allowed'
  if (access === 'internal') return viaService || actor.kind === 'service' ? 'allowed' : 'hidden'
  if (actor.kind === 'anonymous') return 'unknown'
  if (access === 'guest') return actor.kind === 'service' || mayOwn(actor) ? 'allowed' : 'refused'
  if (access === 'customer') return isAccount(actor) && mayOwn(actor) ? 'allowed' : 'refused'
  if (typeof access === 'string') return actor.scopes.includes(access) ? 'allowed' : 'refused'
  if (actor.scopes.includes(access.all)) return 'allowed'
  return judgeAccess(access.own, actor, viaService)
}

/** Whether the actor can have things of their own, and may reach them. */
const mayOwn = (actor: Actor): boolean =>
  (actor.kind === 'guest' || isAccount(actor)) &&
  (actor.via === undefined || actor.scopes.includes('account'))

/** Whether the actor is a person with an account. */
export const isAccount = (actor: Actor): boolean =>
  actor.kind === 'customer' || actor.kind === 'staff' || actor.kind === 'admin'

/** Whether the actor sees everybody's things of a kind rather than only their own. */
export const seesAll = (actor: Actor, scope: Scope): boolean =>
  actor.kind === 'service' || actor.scopes.includes(scope)
