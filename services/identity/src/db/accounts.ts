import type { Scope } from '@comptoir/contracts/access'
import type { Account } from '@comptoir/contracts/identity/staff'
import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import { rightsOfRole } from '../domain/rights.ts'
import { roles, totpFactors, users } from './schema/people.ts'
import { toUser, userColumns, type UserRow } from './users.ts'

const columns = { ...userColumns, disabledAt: users.disabledAt, factorOf: totpFactors.userId }

const factorOfUser = and(eq(totpFactors.userId, users.id), isNotNull(totpFactors.confirmedAt))

export interface AccountFilter {
  readonly q?: string | undefined
  readonly role?: string | undefined
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/** Accounts, newest first. */
export const listAccounts = async (db: Queryable, filter: AccountFilter): Promise<Account[]> => {
  const { q, role, after, limit } = filter
  const part = `%${(q ?? '').replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const rows = await db
    .select(columns)
    .from(users)
    .leftJoin(totpFactors, factorOfUser)
    .where(
      and(
        isNull(users.erasedAt),
        q === undefined ? undefined : or(sql`${users.email} ilike ${part}`, sql`${users.name} ilike ${part}`),
        role === undefined ? undefined : eq(users.role, role),
        after &&
          sql`(${users.createdAt}, ${users.id}) < (${after.createdAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit)
  return rows.map(toAccount)
}

/** An account with what it may do, locked until the transaction ends. */
export const lockAccount = async (
  tx: Transaction,
  id: UserId,
): Promise<{ account: Account; scopes: readonly Scope[] } | undefined> => {
  const [row] = await tx
    .select({ ...columns, ownScopes: roles.scopes })
    .from(users)
    .leftJoin(totpFactors, factorOfUser)
    .leftJoin(roles, eq(roles.name, users.role))
    .where(and(eq(users.id, id), isNull(users.erasedAt)))
    .for('update', { of: users })
  if (row === undefined) return undefined
  const { ownScopes, ...rest } = row
  return { account: toAccount(rest), scopes: rightsOfRole(row.role, ownScopes).scopes }
}

/** Whether an administrator other than this one can sign in. */
export const hasOtherAdmin = async (tx: Transaction, id: UserId): Promise<boolean> => {
  const [row] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), ne(users.id, id), isNull(users.disabledAt), isNull(users.erasedAt)))
    .limit(1)
  return row !== undefined
}

/** Writes the role and whether it is disabled of an account that the transaction has locked. */
export const saveAccount = async (tx: Transaction, account: Account, at: Date): Promise<void> => {
  const { role, version, disabledAt } = account
  await tx
    .update(users)
    .set({ role, version, disabledAt: disabledAt === null ? null : new Date(disabledAt), updatedAt: at })
    .where(eq(users.id, account.id))
}

type Row = UserRow & { disabledAt: Date | null; factorOf: string | null }

const toAccount = ({ factorOf, disabledAt, ...user }: Row): Account => ({
  ...toUser(user),
  disabledAt: disabledAt?.toISOString() ?? null,
  secondFactor: factorOf !== null,
})
