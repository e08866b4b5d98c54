/** What identity tells. */
import { z } from 'zod'
import { event } from '../event.ts'
import { UserId } from '../ids.ts'
import { Email, Locale, Phone } from '../text.ts'

const Person = z.object({
  userId: UserId,
  email: Email,
  name: z.string(),
  phone: Phone.nullable(),
  locale: Locale,
})

export const userRegistered = event({
  subject: 'identity.user.registered.v1',
  aggregate: 'user',
  data: Person,
})

export const userUpdated = event({ subject: 'identity.user.updated.v1', aggregate: 'user', data: Person })

/** Also told after a registration, so that whoever cares for guests hears of one event only. */
export const userSignedIn = event({
  subject: 'identity.user.signed_in.v1',
  aggregate: 'user',
  data: z.object({ userId: UserId, guestId: z.uuid().nullable() }),
})

/** Somebody is to be forgotten. Whoever holds something of them takes it out, now or as soon as it is not needed any more. */
export const userErased = event({
  subject: 'identity.user.erased.v1',
  aggregate: 'user',
  data: z.object({ userId: UserId }),
})
