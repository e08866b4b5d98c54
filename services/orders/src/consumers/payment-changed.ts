import type { Received } from '@comptoir/contracts/event'
import type { paymentCaptured } from '@comptoir/contracts/payments/events'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { paymentChanged } from '../domain/projections.ts'
import { hear } from '../saga/hear.ts'

interface Delivery {
  readonly ctx: Context
  readonly tx: Transaction
  readonly event: Pick<Received<typeof paymentCaptured>, 'id' | 'version' | 'data'>
}

/** Every event of a payment tells its whole state, so one handler hears them all, in whatever order they come. */
export const onPaymentChanged = ({ ctx, tx, event }: Delivery): Promise<void> =>
  hear({ ctx, tx, event, orderId: event.data.orderId }, (order, by) =>
    paymentChanged(order, { version: event.version, facts: event.data }, by),
  )
