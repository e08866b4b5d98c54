// Whom the operations on people and their sign-ins are tried on.
import type { Shop } from '@comptoir/dev/demo/shop'
import {
  guard,
  openAccount,
  password,
  type Guarded,
  type Member,
  wrongCodeOf,
} from '../stack/second-factor.ts'

export interface People {
  /** Without a second factor. */
  readonly member: Member
  /** Has begun to set one up. */
  readonly begun: Member
  /** Has used up all tries to prove who they are. */
  readonly exhausted: Member
  /** Have one. Tries are counted by account, so that there are several. */
  readonly guarded: Guarded
  readonly careful: Guarded
  /** May change accounts and nothing else. */
  readonly clerk: Member
  readonly admin: { readonly id: string }
  readonly memberId: string
  /** Fits neither of the two. */
  readonly wrongCode: string
}

/** Holds `people-desk`, a role that has the right to change accounts only. */
const hireClerk = async (shop: Shop, adminToken: string): Promise<Member> => {
  const { email } = await openAccount(shop)
  const as = { token: adminToken }
  const role = 'people-desk'
  await shop('identity', 'saveRole', { role, scopes: ['users:write'] }, as)
  await shop('identity', 'setUserRole', { userId: await idOf(shop, email, adminToken), role }, as)
  return { email, token: (await shop('identity', 'login', { email, password })).accessToken }
}

const idOf = async (shop: Shop, email: string, adminToken: string) => {
  const { items } = await shop('identity', 'listUsers', { q: email }, { token: adminToken })
  const [found] = items
  if (found === undefined) throw new Error('There is no such account')
  return found.id
}

export const setUpPeople = async (
  shop: Shop,
  admin: { readonly email: string; readonly token: string },
): Promise<People> => {
  const [member, begun, exhausted, first, second] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => openAccount(shop)),
  )
  if (!member || !begun || !exhausted || !first || !second) throw new Error('Somebody is missing')
  await shop('identity', 'enrolSecondFactor', {}, { token: begun.token })
  const { token } = exhausted
  for (let tried = 0; tried < 10; tried += 1)
    await shop('identity', 'reauthenticate', { password: 'a guess' }, { token }).catch(() => undefined)
  const guarded = await guard(shop, first)
  const careful = await guard(shop, second)
  return {
    member,
    begun,
    exhausted,
    guarded,
    careful,
    clerk: await hireClerk(shop, admin.token),
    admin: { id: await idOf(shop, admin.email, admin.token) },
    memberId: await idOf(shop, member.email, admin.token),
    wrongCode: wrongCodeOf(guarded.secret),
  }
}
