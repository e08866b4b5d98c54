// What makes the operations on people, their second factors and their roles answer each of their errors.
import { password } from '../stack/second-factor.ts'
import type { Causes, Provocation, Scenery } from './provocation.ts'

const nobody = '01900000-0000-7000-8000-000000000000'
const badCursor = 'bm9uc2Vuc2U'

const asPerson =
  (
    who: 'member' | 'begun' | 'exhausted' | 'guarded' | 'careful' | 'clerk',
    input: Provocation['input'] = {},
  ) =>
  ({ people }: Scenery) => ({ token: people[who].token, input })
const code = '000000'

const ofSecondFactors = {
  'identity.reauthenticate': {
    CREDENTIALS_INVALID: asPerson('member', { password: 'not the password' }),
    SECOND_FACTOR_REQUIRED: asPerson('careful', { password }),
    SECOND_FACTOR_INVALID: ({ people: { careful, wrongCode } }) => ({
      token: careful.token,
      input: { password, code: wrongCode },
    }),
    LOGIN_THROTTLED: asPerson('exhausted', { password }),
  },
  'identity.enrolSecondFactor': { SECOND_FACTOR_ENROLLED: asPerson('guarded') },
  'identity.confirmSecondFactor': {
    SECOND_FACTOR_ENROLLED: asPerson('guarded', { code }),
    SECOND_FACTOR_NOT_ENROLLED: asPerson('member', { code }),
    SECOND_FACTOR_INVALID: asPerson('begun', { code: 'no code of six digits' }),
    LOGIN_THROTTLED: asPerson('exhausted', { code }),
  },
  'identity.removeSecondFactor': {
    SECOND_FACTOR_NOT_ENROLLED: asPerson('member', { code }),
    SECOND_FACTOR_INVALID: ({ people: { guarded, wrongCode } }) => ({
      token: guarded.token,
      input: { code: wrongCode },
    }),
    LOGIN_THROTTLED: asPerson('exhausted', { code }),
  },
  'identity.renewRecoveryCodes': { SECOND_FACTOR_NOT_ENROLLED: asPerson('member') },
} satisfies Causes

const asAdmin =
  (input: Provocation['input']) =>
  ({ staff }: Scenery) => ({ token: staff, input })
const onMember =
  (who: 'staff' | 'clerk', input: Provocation['input'] = {}) =>
  ({ staff, people }: Scenery) => ({
    token: who === 'staff' ? staff : people.clerk.token,
    input: { userId: people.memberId, ...input },
  })
const onAdmin =
  (who: 'staff' | 'clerk', input: Provocation['input'] = {}) =>
  ({ staff, people }: Scenery) => ({
    token: who === 'staff' ? staff : people.clerk.token,
    input: { userId: people.admin.id, ...input },
  })

const ofStaff = {
  'identity.deleteAccount': { RIGHTS_HELD: asAdmin({}) },
  'identity.saveRole': {
    ROLE_STANDARD: asAdmin({ role: 'staff', scopes: [] }),
    SCOPES_NOT_HELD: asPerson('clerk', { role: 'order-desk', scopes: ['orders:read'] }),
    ROLES_FULL: {
      because: 'It takes a hundred roles, each of which is one more for the other tests',
      seenIn: 'services/identity/tests/staff.test.ts',
    },
  },
  'identity.removeRole': {
    ROLE_NOT_FOUND: asAdmin({ role: 'no-such-role' }),
    ROLE_STANDARD: asAdmin({ role: 'admin' }),
    ROLE_HELD: asAdmin({ role: 'people-desk' }),
  },
  'identity.listUsers': { CURSOR_INVALID: asAdmin({ cursor: badCursor }) },
  'identity.setUserRole': {
    USER_NOT_FOUND: asAdmin({ userId: nobody, role: 'staff' }),
    ROLE_NOT_FOUND: onMember('staff', { role: 'no-such-role' }),
    SCOPES_NOT_HELD: onMember('clerk', { role: 'staff' }),
    LAST_ADMIN: onAdmin('staff', { role: 'customer' }),
  },
  'identity.disableUser': {
    USER_NOT_FOUND: asAdmin({ userId: nobody }),
    SCOPES_NOT_HELD: onAdmin('clerk'),
    LAST_ADMIN: onAdmin('staff'),
  },
  'identity.enableUser': {
    USER_NOT_FOUND: asAdmin({ userId: nobody }),
    SCOPES_NOT_HELD: onAdmin('clerk'),
  },
  'identity.listAuditEntries': { CURSOR_INVALID: asAdmin({ cursor: badCursor }) },
} satisfies Causes

export const ofPeople = { ...ofSecondFactors, ...ofStaff } satisfies Causes
