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

/** Somebody who is to get a letter. */
const Addressee = z.object({ userId: UserId, email: Email, name: z.string(), locale: Locale })

/** A letter with a link. The token of the link is no part of an event: who writes the letter asks identity for it. */
const LetterRequest = Addressee.extend({ letterId: z.uuid() })

export const emailVerificationRequested = event({
  subject: 'identity.user.email_verification_requested.v1',
  aggregate: 'letter',
  data: LetterRequest,
})

/** Letters to this address reach the person who holds the account. */
export const emailVerified = event({
  subject: 'identity.user.email_verified.v1',
  aggregate: 'user',
  data: z.object({ userId: UserId, email: Email }),
})

/** Goes to the new address, which is not the account’s until the link was followed. */
export const emailChangeRequested = event({
  subject: 'identity.user.email_change_requested.v1',
  aggregate: 'letter',
  data: LetterRequest,
})

/** Goes to the address so far, so that its holder hears of it in time. */
export const emailChangeAnnounced = event({
  subject: 'identity.user.email_change_announced.v1',
  aggregate: 'letter',
  data: Addressee,
})

export const passwordResetRequested = event({
  subject: 'identity.user.password_reset_requested.v1',
  aggregate: 'letter',
  data: LetterRequest,
})

/** Somebody who has sent away whoever was signed in, and what lets somebody in all the same. */
const OthersSentAway = Addressee.extend({
  /** Where accounts are linked, by the names that people know the providers by; events of earlier versions do not say. */
  providers: z.array(z.string()).optional(),
  /** The names of keys and clients of theirs that work still, a hundred at most. */
  machines: z.array(z.string()).optional(),
})

export const passwordChanged = event({
  subject: 'identity.user.password_changed.v1',
  aggregate: 'user',
  data: OthersSentAway,
})

/** Told only where something lets somebody in all the same. */
export const signedOutEverywhere = event({
  subject: 'identity.user.signed_out_everywhere.v1',
  aggregate: 'user',
  data: OthersSentAway,
})

/** What somebody is told of an account at a provider, which goes by the name that people know it by. */
const ProviderNotice = Addressee.extend({ provider: z.string() })

export const providerLinked = event({
  subject: 'identity.user.provider_linked.v1',
  aggregate: 'user',
  /** A password from before anybody had shown the address to be theirs is taken away with that. */
  data: ProviderNotice.extend({ passwordRemoved: z.boolean() }),
})

export const providerUnlinked = event({
  subject: 'identity.user.provider_unlinked.v1',
  aggregate: 'user',
  data: ProviderNotice,
})

/** From now on the account asks for a code as well. */
export const secondFactorEnrolled = event({
  subject: 'identity.user.second_factor_enrolled.v1',
  aggregate: 'user',
  data: Addressee,
})

export const secondFactorRemoved = event({
  subject: 'identity.user.second_factor_removed.v1',
  aggregate: 'user',
  data: Addressee,
})

/** Somebody is to be forgotten. Whoever holds something of them takes it out, now or as soon as it is not needed any more. */
export const userErased = event({
  subject: 'identity.user.erased.v1',
  aggregate: 'user',
  data: z.object({ userId: UserId }),
})
