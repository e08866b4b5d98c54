import { occurred } from '@comptoir/contracts/event'
import { emailVerified } from '@comptoir/contracts/identity/events'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { saveEmail } from '../db/emails.ts'
import { deleteExternalIdentities } from '../db/external-identities.ts'
import { endLetters, takeToken } from '../db/letters.ts'
import { update } from '../domain/user.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { demandStanding } from '../standing.ts'

/** Of who is signed in to the account only: see `verifyEmail`. */
export const confirmEmailChange: Procedure<typeof identity.confirmEmailChange, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    refuseThirdParties(ctx.actor)
    const user = await demandStanding(ctx, tx)
    const now = ctx.clock.now()
    const shown = { userId: user.id, tokenHash: hashToken(input.token), now }
    const letter = await takeToken(tx, 'email-change', shown)
    if (letter?.email === undefined) throw ctx.fail('EMAIL_TOKEN_INVALID')
    const next = { ...user, email: letter.email, emailVerified: true, version: user.version + 1 }
    if (!(await saveEmail(tx, next, now))) throw ctx.fail('EMAIL_TAKEN')
    // What was sent to the address before has no say any more.
    for (const purpose of ['email-verification', 'password-reset'] as const)
      await endLetters(tx, purpose, { userId: user.id, now })
    await deleteExternalIdentities(tx, user.id)
    const data = { userId: user.id, email: next.email }
    const verified = occurred(emailVerified, { aggregateId: user.id, version: next.version, data })
    await ctx.emit(tx, [update(next), verified])
    await audit(ctx, tx, { action: 'account.email_changed', target: user.id })
    return null
  })
