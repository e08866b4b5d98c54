import type { Context } from './context.ts'

/** A hash of a right password with the parameters of today, where the one that is kept has others. */
export const renewedHash = async (
  ctx: Context,
  password: string,
  kept: string | null,
): Promise<string | undefined> =>
  kept !== null && ctx.passwords.isOutdated(kept) ? ctx.passwords.hash(password) : undefined
