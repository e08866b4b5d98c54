import { type Actor, isAccount } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'

/** Staff shop as customers: the kind says only whether there is an account. */
export interface Owner {
  readonly kind: 'guest' | 'customer'
  readonly id: string
}

/** Whose cart an actor uses. A service or nobody has none. */
export const ownerOf = (actor: Actor): Owner => {
  if (actor.kind === 'guest') return { kind: 'guest', id: actor.id }
  if (isAccount(actor)) return { kind: 'customer', id: actor.id }
  throw commonError('FORBIDDEN')
}
