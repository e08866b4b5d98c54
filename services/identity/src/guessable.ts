import { declaredError } from '@comptoir/contracts/errors'
import { passwordErrors } from '@comptoir/contracts/identity/account'
import type { Context } from './context.ts'
import { isGuessable } from './domain/password.ts'

/** Refuses a new password that is easy to come upon. `words` are what is known of the person. */
export const refuseGuessable = (ctx: Context, password: string, words: readonly string[]): void => {
  const known = { common: ctx.commonPasswords, words: [...words, ctx.shopName] }
  if (isGuessable(password, known)) throw declaredError(passwordErrors, 'PASSWORD_BREACHED')
}
