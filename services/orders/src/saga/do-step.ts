import { ServiceError } from '@comptoir/contracts/errors'
import type { CancelReason } from '@comptoir/contracts/orders/model'
import type { Context } from '../context.ts'
import type { ClaimedStep } from '../db/steps.ts'
import type { StepName } from '../domain/steps.ts'

/** How a step ended, and why the order has to be cancelled if it has to. */
export interface Ended {
  readonly state: 'done' | 'failed'
  readonly output: unknown
  readonly cancel?: CancelReason
}

/** `asked`: all was done that could be, and news will end the step. */
export type Outcome = Ended | { readonly state: 'asked' }

type Work = (ctx: Context, step: ClaimedStep) => Promise<Outcome>

/** Does what a step is for, outside any transaction. Throws where trying again may help. */
export const doStep: Work = (ctx, step) => works[step.name](ctx, step)

const callTimeoutMs = 10_000

const commitStock: Work = async (ctx, step) => {
  try {
    const { state } = await ctx.clients.catalog.commitReservation(
      { orderId: step.orderId },
      { timeoutMs: callTimeoutMs },
    )
    return { state: 'done', output: { state } }
  } catch (error) {
    if (!(error instanceof ServiceError) || !goneForGood.has(error.code)) throw error
    return { state: 'failed', output: { code: error.code }, cancel: 'out_of_stock' }
  }
}

const goneForGood = new Set(['OUT_OF_STOCK', 'RESERVATION_CLOSED', 'RESERVATION_NOT_FOUND'])

// The order is confirmed by the event payment.captured, whoever caused the capture; here only the asking is done. Were the
// step over by the answer, nobody would notice that the event was lost.
const capturePayment: Work = async (ctx, step) => {
  await ctx.clients.payments.capturePayment({ orderId: step.orderId }, { timeoutMs: callTimeoutMs })
  return { state: 'asked' }
}

// Taken only once its deadline has passed: payment.authorized or payment.captured ends it before.
const authorisePayment: Work = async () => ({
  state: 'failed',
  output: null,
  cancel: 'payment_timeout',
})

export const holdParcelBack = async (ctx: Context, { orderId, asker }: ClaimedStep): Promise<Ended> => {
  const output = await ctx.clients.delivery.cancelShipment({ orderId })
  return output.cancelled ? { state: 'done', output, cancel: asker ?? 'staff' } : { state: 'failed', output }
}

const works: Record<StepName, Work> = {
  'reserve-stock': async () => ({ state: 'done', output: null }),
  'authorise-payment': authorisePayment,
  'commit-stock': commitStock,
  'capture-payment': capturePayment,
  'cancel-order': holdParcelBack,
}
