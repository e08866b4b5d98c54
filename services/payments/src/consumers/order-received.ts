import type { orderReceived } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Context } from '../context.ts'
import { setTrace } from '../db/payments.ts'
import { openPayment } from '../steps/open-payment.ts'

/** A payment that the customer’s own request opened before belongs to the trace that placed the order all the same. */
export const onOrderReceived: Handler<typeof orderReceived, Context> = async ({ ctx, tx, event }) => {
  const payment = await openPayment({ ctx, tx }, event.data)
  const traceparent = currentTraceparent() ?? null
  if (payment.traceparent !== traceparent) await setTrace(tx, payment.id, traceparent)
}
