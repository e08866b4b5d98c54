import type { orderRedacted } from '@comptoir/contracts/orders/events'
import { redactedOrder } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'

/** Only a dead letter can say here whose an order was. */
export const onOrderRedacted: Handler<typeof orderRedacted, Context> = ({ tx, event }) =>
  noteRedaction(tx, { id: event.data.orderId, fields: redactedOrder })
