/** Roles and those who hold them. */
import { z } from 'zod'
import { Scope } from '../access.ts'
import { mutation, query } from '../contract.ts'
import { UserId } from '../ids.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { text, Timestamp } from '../text.ts'
import { IfVersion } from '../version.ts'
import { RoleName, User } from './model.ts'

/** What a role of the shop's own can hold; somebody's own things come with being them. */
export const RoleScope = Scope.exclude(['account'])
export type RoleScope = z.infer<typeof RoleScope>

export const Role = z.object({
  name: RoleName,
  scopes: z.array(RoleScope),
  standard: z.boolean().describe('Whether every shop has it; such a role cannot be changed'),
  version: z.number().int(),
})
export type Role = z.infer<typeof Role>

/** An account as those see it who administer them. */
export const Account = User.extend({
  disabledAt: Timestamp.nullable(),
  secondFactor: z.boolean().describe('Whether the person has a second factor'),
})
export type Account = z.infer<typeof Account>

const USER_NOT_FOUND = { status: 404, message: 'There is no such account.' } as const
const ROLE_NOT_FOUND = { status: 404, message: 'There is no such role.' } as const
const ROLE_STANDARD = { status: 409, message: 'Every shop has this role, and it stays as it is.' } as const
const LAST_ADMIN = {
  status: 409,
  message: 'This is the last administrator who can sign in; make another one first.',
} as const
const SCOPES_NOT_HELD = {
  status: 403,
  message: 'This is about rights that you do not hold yourself.',
} as const

export const staffProcedures = {
  listRoles: query({
    summary: 'The roles there are; at most a hundred of the shop’s own',
    access: 'users:write',
    http: { method: 'GET', path: '/v1/roles' },
    input: z.strictObject({}),
    output: z.object({ items: z.array(Role) }),
  }),
  saveRole: mutation({
    summary: 'Make a role, or change what its holders may do',
    access: 'users:write',
    fresh: true,
    http: { method: 'PUT', path: '/v1/roles/{role}' },
    concurrency: 'version',
    input: z.strictObject({
      role: RoleName,
      scopes: z.array(RoleScope).max(RoleScope.options.length),
      version: IfVersion,
    }),
    output: Role,
    errors: {
      ROLE_STANDARD,
      SCOPES_NOT_HELD,
      ROLES_FULL: { status: 409, message: 'There are a hundred roles already; remove one first.' },
    },
  }),
  removeRole: mutation({
    summary: 'Remove a role that nobody holds',
    access: 'users:write',
    fresh: true,
    http: { method: 'DELETE', path: '/v1/roles/{role}', status: 204 },
    input: z.strictObject({ role: RoleName }),
    output: z.null(),
    errors: {
      ROLE_NOT_FOUND,
      ROLE_STANDARD,
      ROLE_HELD: { status: 409, message: 'Somebody holds this role; give them another one first.' },
    },
  }),
  listUsers: query({
    summary: 'Accounts, newest first',
    access: 'users:write',
    http: { method: 'GET', path: '/v1/users' },
    input: z.strictObject({
      q: text(100).optional().describe('Part of the name or of the e-mail address'),
      role: RoleName.optional(),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(Account),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  setUserRole: mutation({
    summary: 'Give somebody another role; their tokens from before end within a minute',
    access: 'users:write',
    fresh: true,
    http: { method: 'PUT', path: '/v1/users/{userId}/role' },
    input: z.strictObject({ userId: UserId, role: RoleName }),
    output: Account,
    errors: { USER_NOT_FOUND, ROLE_NOT_FOUND, SCOPES_NOT_HELD, LAST_ADMIN },
  }),
  disableUser: mutation({
    summary: 'Let somebody sign in no more; what they have open ends within a minute',
    access: 'users:write',
    http: { method: 'POST', path: '/v1/users/{userId}/disable' },
    input: z.strictObject({ userId: UserId }),
    output: Account,
    errors: { USER_NOT_FOUND, SCOPES_NOT_HELD, LAST_ADMIN },
  }),
  enableUser: mutation({
    summary: 'Let somebody sign in again',
    access: 'users:write',
    http: { method: 'POST', path: '/v1/users/{userId}/enable' },
    input: z.strictObject({ userId: UserId }),
    output: Account,
    errors: { USER_NOT_FOUND, SCOPES_NOT_HELD },
  }),
}
