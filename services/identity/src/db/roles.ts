import type { Role } from '@comptoir/contracts/identity/staff'
import { RoleScope } from '@comptoir/contracts/identity/staff'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { asc, count, eq, sql } from 'drizzle-orm'
import { roles, users } from './schema/people.ts'

const columns = { name: roles.name, scopes: roles.scopes, version: roles.version }

/**
 * Lets one transaction at a time change who may do what: of two that each leave one administrator, the second sees what
 * the first has done, and a role is not removed while somebody is given it.
 */
export const lockRights = async (tx: Transaction): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('identity.rights'))`)
}

export const listOwnRoles = async (db: Queryable): Promise<Role[]> =>
  (await db.select(columns).from(roles).orderBy(asc(roles.name))).map(toRole)

export const findRole = async (db: Queryable, name: string): Promise<Role | undefined> => {
  const [row] = await db.select(columns).from(roles).where(eq(roles.name, name))
  return row && toRole(row)
}

export const countRoles = async (db: Queryable): Promise<number> => {
  const [row] = await db.select({ there: count() }).from(roles)
  return row?.there ?? 0
}

export const upsertRole = async (tx: Transaction, role: Role, at: Date): Promise<void> => {
  const { name, scopes, version } = role
  await tx
    .insert(roles)
    .values({ name, scopes, version, createdAt: at, updatedAt: at })
    .onConflictDoUpdate({ target: roles.name, set: { scopes, version, updatedAt: at } })
}

export const deleteRole = async (tx: Transaction, name: string): Promise<void> => {
  await tx.delete(roles).where(eq(roles.name, name))
}

export const isHeld = async (db: Queryable, role: string): Promise<boolean> => {
  const [row] = await db.select({ id: users.id }).from(users).where(eq(users.role, role)).limit(1)
  return row !== undefined
}

const toRole = (row: { name: string; scopes: string[]; version: number }): Role => ({
  ...row,
  scopes: RoleScope.array().parse(row.scopes),
  standard: false,
})
