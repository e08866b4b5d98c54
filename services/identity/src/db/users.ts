import type { User } from '@comptoir/contracts/identity/model'
import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { users } from './schema/people.ts'

const living = (id: UserId) => and(eq(users.id, id), isNull(users.erasedAt))

export const userColumns = {
  id: users.id,
  email: users.email,
  emailVerifiedAt: users.emailVerifiedAt,
  name: users.name,
  phone: users.phone,
  locale: users.locale,
  role: users.role,
  version: users.version,
  createdAt: users.createdAt,
}

/** Inserts a user; false when the address is taken, however it is written. Without a hash no password lets them in. */
export const insertUser = async (
  tx: Queryable,
  user: User,
  passwordHash: string | null,
): Promise<boolean> => {
  const at = new Date(user.createdAt)
  const { emailVerified, ...row } = user
  const rows = await tx
    .insert(users)
    .values({
      ...row,
      emailVerifiedAt: emailVerified ? at : null,
      passwordHash,
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing()
    .returning({ id: users.id })
  return rows.length === 1
}

export const findUser = async (db: Queryable, id: UserId): Promise<User | undefined> => {
  const [row] = await db.select(userColumns).from(users).where(living(id))
  return row && toUser(row)
}

/** The user, locked until the transaction ends: their version moves one at a time. */
export const lockUser = async (tx: Transaction, id: UserId): Promise<User | undefined> => {
  const [row] = await tx.select(userColumns).from(users).where(living(id)).for('update')
  return row && toUser(row)
}

export const findCredentials = async (
  db: Queryable,
  email: string,
): Promise<{ id: UserId; passwordHash: string | null } | undefined> => {
  const [row] = await db
    .select({ id: users.id, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
  return row
}

/** What somebody who is signed in already is told by. */
export const findPassword = async (
  db: Queryable,
  id: UserId,
): Promise<{ email: string; passwordHash: string | null } | undefined> => {
  const [row] = await db
    .select({ email: users.email, passwordHash: users.passwordHash })
    .from(users)
    .where(living(id))
  return row
}

/** Moves the rights of a user one version on; the new version. */
export const bumpRights = async (tx: Transaction, id: UserId, at: Date): Promise<number | undefined> => {
  const [row] = await tx
    .update(users)
    .set({ rightsVersion: sql`${users.rightsVersion} + 1`, updatedAt: at })
    .where(living(id))
    .returning({ rightsVersion: users.rightsVersion })
  return row?.rightsVersion
}

/** Moves the rights of all who hold a role one version on; who they are. */
export const bumpRightsOfRole = (
  tx: Transaction,
  role: string,
  at: Date,
): Promise<{ id: UserId; rightsVersion: number }[]> =>
  tx
    .update(users)
    .set({ rightsVersion: sql`${users.rightsVersion} + 1`, updatedAt: at })
    .where(eq(users.role, role))
    .returning({ id: users.id, rightsVersion: users.rightsVersion })

/** Moves a user one version on and tells where they are now. */
export const bumpUser = async (
  tx: Transaction,
  id: UserId,
  at: Date,
): Promise<Pick<User, 'version' | 'role'> | undefined> => {
  const [row] = await tx
    .update(users)
    .set({ version: sql`${users.version} + 1`, updatedAt: at })
    .where(living(id))
    .returning({ version: users.version, role: users.role })
  return row
}

/** The same of a user whom the transaction has locked; the version they have since. */
export const nextVersion = async (tx: Transaction, id: UserId, at: Date): Promise<number> => {
  const bumped = await bumpUser(tx, id, at)
  if (bumped === undefined) throw new Error('The user is not there although locked')
  return bumped.version
}

/** Writes the profile and the version of a user whom the transaction has locked. */
export const saveProfile = async (tx: Transaction, user: User, at: Date): Promise<void> => {
  await tx
    .update(users)
    .set({ name: user.name, phone: user.phone, locale: user.locale, version: user.version, updatedAt: at })
    .where(eq(users.id, user.id))
}

/** Notes that the address is the person's own; the version they have since. */
export const saveVerified = async (tx: Transaction, id: UserId, at: Date): Promise<number> => {
  const [row] = await tx
    .update(users)
    .set({ emailVerifiedAt: at, version: sql`${users.version} + 1`, updatedAt: at })
    .where(eq(users.id, id))
    .returning({ version: users.version })
  if (row === undefined) throw new Error('The user is not there although locked')
  return row.version
}

export type UserRow = Omit<User, 'createdAt' | 'emailVerified'> & {
  createdAt: Date
  emailVerifiedAt: Date | null
}

export const toUser = ({ emailVerifiedAt, createdAt, ...row }: UserRow): User => ({
  ...row,
  emailVerified: emailVerifiedAt !== null,
  createdAt: createdAt.toISOString(),
})
