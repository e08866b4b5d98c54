import { occurred } from '@comptoir/contracts/event'
import { emailVerified } from '@comptoir/contracts/identity/events'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { saveEmail } from '../db/emails.ts'
import { deleteExternalIdentities } from '../db/external-identities.ts'
import { endLetters, findAddressee, takeToken } from '../db/letters.ts'
import { lockUser } from '../db/users.ts'
import { update } from '../domain/user.ts'
import { hashToken } from '../security/secret-tokens.ts'

export const confirmEmailChange: Procedure<typeof identity.confirmEmailChange, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const now = ctx.clock.now()
    const tokenHash = hashToken(input.token)
    const userId = await findAddressee(tx, 'email-change', { where: { tokenHash }, now })
    const user = userId && (await lockUser(tx, userId))
    const letter = user && (await takeToken(tx, 'email-change', { userId: user.id, tokenHash, now }))
    if (!user || letter?.email === undefined) throw ctx.fail('EMAIL_TOKEN_INVALID')
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
