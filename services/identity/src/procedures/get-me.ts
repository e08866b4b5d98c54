import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findUser } from '../db/users.ts'

export const getMe: Procedure<typeof identity.getMe, Context> = async ({ ctx }) => {
  const user = await findUser(ctx.db, UserId.parse(ctx.actor.id))
  if (user === undefined) throw commonError('UNAUTHENTICATED')
  return user
}
