import type { User } from '@comptoir/contracts/identity/model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { insertUser } from '../db/users.ts'
import { rightsOfRole } from '../domain/rights.ts'
import { registration, versionAfterRegistration } from '../domain/user.ts'
import { refuseGuessable } from '../guessable.ts'
import { knowNetwork } from '../known-networks.ts'
import { requestLetter } from '../letters.ts'
import { openSession } from '../sessions.ts'

export const register: Procedure<typeof identity.register, Context> = async ({ ctx, input }) => {
  refuseGuessable(ctx, input.password, [input.email, input.name])
  const passwordHash = await ctx.passwords.hash(input.password)
  const user: User = {
    id: ctx.ids.next(),
    email: input.email,
    emailVerified: false,
    name: input.name,
    phone: input.phone ?? null,
    locale: input.locale ?? 'en',
    role: 'customer',
    version: versionAfterRegistration,
    createdAt: ctx.clock.now().toISOString(),
  }
  return ctx.transaction(async (tx) => {
    if (!(await insertUser(tx, user, passwordHash))) throw ctx.fail('EMAIL_TAKEN')
    await knowNetwork(ctx, tx, user.id)
    await ctx.emit(tx, registration(user, ctx.actor.kind === 'guest' ? ctx.actor.id : null))
    await requestLetter(ctx, tx, { purpose: 'email-verification', user })
    const session = await openSession(ctx, tx, {
      holder: { id: user.id, rightsVersion: 1, secondFactor: false, ...rightsOfRole(user.role, null) },
    })
    await audit(ctx, tx, { action: 'account.registered', target: user.id })
    return session
  })
}
