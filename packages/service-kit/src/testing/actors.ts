/** Callers for tests, each new and unlike any other. */
import { scopesOfKind, type Actor, type ActorKind } from '@comptoir/contracts/access'
import { systemIds } from '../ids.ts'

const actor = (kind: ActorKind): Actor => ({ kind, id: systemIds.next(), scopes: [...scopesOfKind[kind]] })

export const guestActor = (): Actor => actor('guest')
export const customerActor = (): Actor => actor('customer')
/** A customer who has just proved who they are. */
export const provenActor = (now = new Date()): Actor => ({
  ...customerActor(),
  provedAt: Math.floor(now.getTime() / 1_000),
})
export const staffActor = (): Actor => actor('staff')
/** A member of staff who has just proved who they are. */
export const provenStaffActor = (now = new Date()): Actor => ({
  ...staffActor(),
  provedAt: Math.floor(now.getTime() / 1_000),
})
export const adminActor = (): Actor => actor('admin')
/** A service that acts by itself. */
export const serviceActor = (service: string): Actor => ({ kind: 'service', id: service, scopes: [] })
