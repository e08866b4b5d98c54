import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findAddressee, takeToken } from '../db/letters.ts'
import { lockUser } from '../db/users.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { markVerified } from '../verification.ts'

export const verifyEmail: Procedure<typeof identity.verifyEmail, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const now = ctx.clock.now()
    const tokenHash = hashToken(input.token)
    const userId = await findAddressee(tx, 'email-verification', { where: { tokenHash }, now })
    const user = userId && (await lockUser(tx, userId))
    const letter = user && (await takeToken(tx, 'email-verification', { userId: user.id, tokenHash, now }))
    // A letter to an address that the account had before says nothing of the one it has now.
    if (!user || letter?.email !== user.email) throw ctx.fail('EMAIL_TOKEN_INVALID')
    if (await markVerified(ctx, tx, user))
      await audit(ctx, tx, { action: 'account.verified', target: user.id })
    return null
  })
