// Whom the operations on people and their sign-ins are tried on.
import type { Shop } from '@comptoir/dev/demo/shop'
import { guard, openAccount, type Guarded, type Member, wrongCodeOf } from '../stack/second-factor.ts'

export interface People {
  /** Without a second factor. */
  readonly member: Member
  /** Has begun to set one up. */
  readonly begun: Member
  /** Has used up all tries. */
  readonly exhausted: Member
  /** Have one. Tries are counted by account, so that there are several. */
  readonly guarded: Guarded
  readonly careful: Guarded
  /** Fits neither of the two. */
  readonly wrongCode: string
}

export const setUpPeople = async (shop: Shop): Promise<People> => {
  const [member, begun, exhausted, first, second] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => openAccount(shop)),
  )
  if (!member || !begun || !exhausted || !first || !second) throw new Error('Somebody is missing')
  await shop('identity', 'enrolSecondFactor', {}, { token: begun.token })
  for (let tried = 0; tried < 10; tried += 1)
    await shop('identity', 'login', { email: exhausted.email, password: 'a guess' }).catch(() => undefined)
  const guarded = await guard(shop, first)
  const careful = await guard(shop, second)
  return { member, begun, exhausted, guarded, careful, wrongCode: wrongCodeOf(guarded.secret) }
}
