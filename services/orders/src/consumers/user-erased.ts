import type { userErased } from '@comptoir/contracts/identity/events'
import { redactedEmail } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { noteErased } from '../db/redactions.ts'

export const onUserErased: Handler<typeof userErased, Context> = async ({ ctx, tx, event }) => {
  const { userId } = event.data
  await noteErased(tx, userId)
  await noteRedaction(tx, { id: userId, fields: { email: redactedEmail } })
  ctx.wake('redact-orders')
}
