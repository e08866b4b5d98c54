import { occurred, type Occurrence } from '@comptoir/contracts/event'
import {
  emailVerified,
  userErased,
  userRegistered,
  userSignedIn,
  userUpdated,
} from '@comptoir/contracts/identity/events'
import type { Profile, User } from '@comptoir/contracts/identity/model'

/** Events of one user are numbered by their version, so a registration, which is also a sign-in, takes two. */
export const versionAfterRegistration = 2

export const registration = (user: User, guestId: string | null): Occurrence[] => [
  occurred(userRegistered, { aggregateId: user.id, version: 1, data: person(user) }),
  signIn({ userId: user.id, version: versionAfterRegistration }, guestId),
]

export const signIn = (
  signedIn: { userId: User['id']; version: number },
  guestId: string | null,
): Occurrence =>
  occurred(userSignedIn, {
    aggregateId: signedIn.userId,
    version: signedIn.version,
    data: { userId: signedIn.userId, guestId },
  })

export const verification = (user: Pick<User, 'id' | 'email' | 'version'>): Occurrence =>
  occurred(emailVerified, {
    aggregateId: user.id,
    version: user.version,
    data: { userId: user.id, email: user.email },
  })

export const update = (user: User): Occurrence =>
  occurred(userUpdated, { aggregateId: user.id, version: user.version, data: person(user) })

export const erasure = (userId: User['id'], version: number): Occurrence =>
  occurred(userErased, { aggregateId: userId, version, data: { userId } })

/** The user with the new profile, one version on; the same user when nothing changes. */
export const withProfile = (user: User, profile: Profile): User => {
  const next: User = {
    ...user,
    name: profile.name ?? user.name,
    phone: profile.phone === undefined ? user.phone : profile.phone,
    locale: profile.locale ?? user.locale,
  }
  const same = next.name === user.name && next.phone === user.phone && next.locale === user.locale
  return same ? user : { ...next, version: user.version + 1 }
}

const person = (user: User) => ({
  userId: user.id,
  email: user.email,
  name: user.name,
  phone: user.phone,
  locale: user.locale,
})
