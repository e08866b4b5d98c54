import type { Actor } from '@comptoir/contracts/access'
import { UserId } from '@comptoir/contracts/ids'
import type { Context } from '../context.ts'
import { isBrowserSession } from '../db/browser-sessions.ts'
import type { TripPurpose } from '../db/schema/clients.ts'
import { makeTripSecrets, storeTrip } from './trip.ts'

interface Errand {
  readonly provider: string
  readonly purpose: Exclude<TripPurpose, 'sign-in'>
  readonly returnTo: string | undefined
}

/**
 * Begins what somebody who is signed in needs a provider for; where on this site to send their browser. Bound to the session,
 * which only their own browser's cookie shows: nobody else can go on with it, or have them go on with another's. Undefined
 * where no browser holds the session.
 */
export const beginErrand = async (
  ctx: Context & { readonly actor: Actor },
  { provider, purpose, returnTo = '/' }: Errand,
): Promise<string | undefined> => {
  const { id, session } = ctx.actor
  if (session === undefined || !(await isBrowserSession(ctx.db, session))) return undefined
  const secrets = makeTripSecrets()
  const userId = UserId.parse(id)
  await storeTrip(ctx, secrets, { provider, purpose, returnTo, userId, guestId: null, binding: session })
  return `/auth/${provider}/continue?state=${secrets.state}`
}
