import type { User } from '@comptoir/contracts/identity/model'
import type { Context } from './context.ts'
import { findCredentials, insertUser } from './db/users.ts'
import { ensureSigningKey, openSigningKey } from './security/signing-keys.ts'

/** Makes or opens the signing key: a wrong secret stops the start and not the first customer. */
export const prepareSigningKey = async (ctx: Context): Promise<void> => {
  const stored = await ctx.transaction((tx) => ensureSigningKey(tx, ctx.sealing, ctx.clock.now()))
  ctx.accessTokens.use(await openSigningKey(stored, ctx.sealing))
  if (ctx.sealing === undefined) {
    ctx.log.warn('The signing key is stored in the clear; set KEY_ENCRYPTION_SECRET to seal it')
  }
}

/** Creates the first administrator, once. Nobody is told: this is not a customer who registered. */
export const prepareAdmin = async (
  ctx: Context,
  admin: { email: string; password: string },
): Promise<void> => {
  if ((await findCredentials(ctx.db, admin.email)) !== undefined) return
  const user: User = {
    id: ctx.ids.next(),
    email: admin.email,
    // The operator said so.
    emailVerified: true,
    name: 'Administrator',
    phone: null,
    locale: 'en',
    role: 'admin',
    version: 1,
    createdAt: ctx.clock.now().toISOString(),
  }
  await insertUser(ctx.db, user, await ctx.passwords.hash(admin.password))
}
