import { commonError } from '@comptoir/contracts/errors'
import type { User } from '@comptoir/contracts/identity/model'
import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import {
  findExternalIdentity,
  listExternalIdentities,
  listUnlinkedIdentities,
  lockNamesake,
} from '../db/external-identities.ts'
import { bumpUser, insertUser, lockUser } from '../db/users.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { type Claims, matchPerson } from '../domain/provider-claims.ts'
import { registration, signIn, verification, versionAfterRegistration } from '../domain/user.ts'
import { reclaimAccount } from '../reclaim-account.ts'
import { insertLink, linkPerson } from './link-person.ts'
import { isFrom, type Provider } from './providers.ts'

interface Coming {
  readonly claims: Claims
  readonly provider: Provider
  readonly guestId: string | null
}

/** The account of somebody whom a provider knows: theirs already, linked now, or new. Tells what that makes happen. */
export const admitPerson = async (ctx: Context, tx: Transaction, { claims, provider, guestId }: Coming) => {
  const known = await lockLinked(tx, claims)
  if (known !== undefined) return welcome(ctx, tx, { userId: known, guestId, how: 'known' as const })

  const { verifiedEmail } = claims
  const namesake = verifiedEmail === undefined ? undefined : await lockNamesake(tx, verifiedEmail)
  const match = matchPerson(claims, namesake)
  if (match.is === 'refused') return { how: match.is, code: match.code }
  if (match.is !== 'new') {
    const user = await lockUser(tx, match.userId)
    if (user === undefined) throw twice()
    if (await isBarred(tx, user.id, { is: match.is, claims, provider }))
      return { how: 'refused' as const, code: 'ACCOUNT_NOT_LINKABLE' as const }
    const { passwordRemoved, ended } =
      match.is === 'reclaimed' ? await reclaimAccount(ctx, tx, user) : { passwordRemoved: false, ended: [] }
    if (!(await linkPerson(ctx, tx, { claims, user, provider, passwordRemoved }))) throw twice()
    // Whoever was in before them need not be who they are.
    await endSessionsOf(ctx, tx, { subjectId: user.id })
    return { ended, ...(await welcome(ctx, tx, { userId: user.id, guestId, how: match.is })) }
  }
  const user = newUser(ctx, claims, match.email)
  if (!(await insertUser(tx, user, null))) throw twice()
  if (!(await insertLink(ctx, tx, { claims, userId: user.id }))) throw twice()
  await ctx.emit(tx, [...registration(user, guestId), verification(user)])
  return { how: 'new' as const, userId: user.id }
}

interface Attaching {
  readonly is: 'linked' | 'reclaimed'
  readonly claims: Claims
  readonly provider: Provider
}

/**
 * Whether the address alone does not open an account, which the transaction has locked, to somebody at a provider: its owner
 * has unlinked them, or has linked or unlinked another one there. A mailbox may change hands at its provider, a person there
 * stays who they are: a second one is let in neither beside the first nor after it.
 */
const isBarred = async (
  tx: Transaction,
  userId: UserId,
  { is, claims, provider }: Attaching,
): Promise<boolean> => {
  const unlinked = await listUnlinkedIdentities(tx, userId)
  if (unlinked.some(({ issuer, subject }) => issuer === claims.issuer && subject === claims.subject))
    return true
  // Whoever opened an account with another's address does not keep its owner out by what they link.
  if (is === 'reclaimed') return false
  const links = await listExternalIdentities(tx, userId)
  return [...links, ...unlinked].some(({ issuer }) => isFrom(provider, issuer))
}

/** Looked up again once the account is locked: at this moment it may give the link up, and end what was opened by it. */
const lockLinked = async (tx: Transaction, claims: Claims): Promise<UserId | undefined> => {
  const userId = await findExternalIdentity(tx, claims)
  if (userId === undefined || (await lockUser(tx, userId)) === undefined) return undefined
  const still = await findExternalIdentity(tx, claims)
  // Another account's since, which nobody has locked.
  if (still !== undefined && still !== userId) throw twice()
  return still
}

/** The same person has come in twice at once; the other of the two has an account by now. */
const twice = () => commonError('UNAVAILABLE', { retryAfterSeconds: 1 })

const welcome = async <How>(
  ctx: Context,
  tx: Transaction,
  { userId, guestId, how }: { userId: UserId; guestId: string | null; how: How },
) => {
  const user = await bumpUser(tx, userId, ctx.clock.now())
  if (user !== undefined) await ctx.emit(tx, [signIn({ userId, version: user.version }, guestId)])
  return { how, userId }
}

const newUser = (ctx: Context, { name, locale }: Claims, email: string): User => ({
  id: ctx.ids.next(),
  email,
  name: name ?? email.slice(0, Math.min(email.indexOf('@'), 100)),
  phone: null,
  locale,
  role: 'customer',
  emailVerified: true,
  // One more: the proof of the address is told, too.
  version: versionAfterRegistration + 1,
  createdAt: ctx.clock.now().toISOString(),
})
