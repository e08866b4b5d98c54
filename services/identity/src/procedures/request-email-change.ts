import { commonError } from '@comptoir/contracts/errors'
import { occurred } from '@comptoir/contracts/event'
import { emailChangeAnnounced } from '@comptoir/contracts/identity/events'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findCredentials, findUser } from '../db/users.ts'
import { countLetter, requestLetter } from '../letters.ts'
import { attemptKey } from '../security/attempt-key.ts'
import { demandStanding } from '../standing.ts'

export const requestEmailChange: Procedure<typeof identity.requestEmailChange, Context> = async ({
  ctx,
  input: { email },
}) => {
  const user = await findUser(ctx.db, UserId.parse(ctx.actor.id))
  if (user === undefined) throw commonError('UNAUTHENTICATED')
  await countLetter(ctx, attemptKey('email-change', user.id))
  const holder = await findCredentials(ctx.db, email)
  // Their own address may be written otherwise.
  if (holder !== undefined && holder.id !== user.id) throw ctx.fail('EMAIL_TAKEN')
  await ctx.transaction(async (tx) => {
    await demandStanding(ctx, tx)
    const letterId = await requestLetter(ctx, tx, { purpose: 'email-change', user: { ...user, email } })
    const { id: userId, name, locale } = user
    const data = { userId, email: user.email, name, locale }
    await ctx.emit(tx, [occurred(emailChangeAnnounced, { aggregateId: letterId, version: 2, data })])
  })
  return null
}
