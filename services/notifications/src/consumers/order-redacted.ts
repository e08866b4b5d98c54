import type { orderRedacted } from '@comptoir/contracts/orders/events'
import { redactedOrder } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { noteErased } from '../db/erasures.ts'

/** What was queued before is still sent: it is about the order while it was under way. */
export const onOrderRedacted: Handler<typeof orderRedacted, Context> = async ({ ctx, tx, event }) => {
  const id = event.data.orderId
  await noteErased(tx, id)
  await noteRedaction(tx, { id, fields: redactedOrder })
  ctx.wake('redact-messages')
}
