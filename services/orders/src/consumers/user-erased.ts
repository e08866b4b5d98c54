import type { userErased } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { noteErased } from '../db/redactions.ts'

export const onUserErased: Handler<typeof userErased, Context> = async ({ ctx, tx, event }) => {
  await noteErased(tx, event.data.userId)
  ctx.wake('redact-orders')
}
