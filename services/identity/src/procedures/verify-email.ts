import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { takeToken } from '../db/letters.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { demandStanding } from '../standing.ts'
import { markVerified } from '../verification.ts'

/**
 * Of who is signed in to the account only. Else somebody could open an account with another’s address, and whoever has the
 * mailbox would, by following a link that they never asked for, make it trusted while its password is a stranger’s.
 */
export const verifyEmail: Procedure<typeof identity.verifyEmail, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    refuseThirdParties(ctx.actor)
    const user = await demandStanding(ctx, tx)
    const shown = { userId: user.id, tokenHash: hashToken(input.token), now: ctx.clock.now() }
    const letter = await takeToken(tx, 'email-verification', shown)
    // A letter to an address that the account had before says nothing of the one it has now.
    if (letter?.email !== user.email) throw ctx.fail('EMAIL_TOKEN_INVALID')
    if (await markVerified(ctx, tx, user))
      await audit(ctx, tx, { action: 'account.verified', target: user.id })
    return null
  })
