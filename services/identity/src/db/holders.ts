import { UserId } from '@comptoir/contracts/ids'
import type { Queryable } from '@comptoir/service-kit/database'
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { guestHolder, type Holder, rightsOfRole } from '../domain/rights.ts'
import { roles, totpFactors, users } from './schema/people.ts'

/** A person with the rights they have now; undefined for one who may not sign in any more. */
export const findHolder = async (db: Queryable, id: UserId): Promise<Holder | undefined> => {
  const [row] = await db
    .select({
      role: users.role,
      rightsVersion: users.rightsVersion,
      scopes: roles.scopes,
      factorOf: totpFactors.userId,
    })
    .from(users)
    .leftJoin(roles, eq(roles.name, users.role))
    .leftJoin(totpFactors, and(eq(totpFactors.userId, users.id), isNotNull(totpFactors.confirmedAt)))
    .where(and(eq(users.id, id), isNull(users.disabledAt), isNull(users.erasedAt)))
  if (row === undefined) return undefined
  const { role, rightsVersion, scopes, factorOf } = row
  return { id, rightsVersion, secondFactor: factorOf !== null, ...rightsOfRole(role, scopes) }
}

/** Whom a session belongs to, with the rights they have now rather than those they signed in with. */
export const findHolderOf = async (
  db: Queryable,
  session: { readonly subjectKind: 'guest' | 'user'; readonly subjectId: string },
): Promise<Holder | undefined> =>
  session.subjectKind === 'guest'
    ? guestHolder(session.subjectId)
    : findHolder(db, UserId.parse(session.subjectId))
