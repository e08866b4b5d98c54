import type { OrderId, PaymentId } from '@comptoir/contracts/ids'
import type { PaymentStart } from '@comptoir/contracts/payments/model'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure, Replay } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findOwnPayment, lockPayment } from '../db/payments.ts'
import { paymentView, takesPayment, type PaymentRecord } from '../domain/payment.ts'
import { ProviderRefused, ProviderSilent, type Fetched } from '../providers/provider.ts'
import { applySnapshot } from '../steps/apply-snapshot.ts'
import { callProvider } from '../steps/call-provider.ts'
import { openPayment } from '../steps/open-payment.ts'
import { requestOperation } from '../steps/request-operation.ts'
import { settleOperation } from '../steps/settle-operation.ts'

type Contract = typeof payments.startPayment
type CallContext = Context & Call<Contract>

export const startPayment: Procedure<Contract, Context> = async ({ ctx, input }) => {
  const payment = await loadOwn(ctx, input.orderId)
  if (!takesPayment(payment)) throw ctx.fail('PAYMENT_CLOSED')
  if (payment.provider === 'none') {
    return ctx.transaction((tx) => ctx.answer(tx, { payment: paymentView(payment), stripe: null }))
  }
  const heard =
    payment.providerRef === null ? await create(ctx, payment) : await fetch(ctx, payment.providerRef)
  const answer = await ctx.transaction(async (tx) => {
    const next = await heard.apply(tx, payment.id)
    if (heard.fetched === undefined || !takesPayment(next)) return undefined
    const start = startOf(ctx, next, heard.fetched)
    return ctx.answer(tx, start, withClientSecret(start, fetchedAgain))
  })
  if (answer !== undefined) return answer
  throw ctx.fail(heard.fetched === undefined ? 'PROVIDER_UNAVAILABLE' : 'PAYMENT_CLOSED')
}

/** Stands where the client secret was, which is kept nowhere and asked for again. */
const fetchedAgain = ''

/** The first answer, with the client secret as the provider tells it now. */
export const replayStart: Replay<Contract, Context> = async ({ ctx, kept }) => {
  if (kept.stripe === null) return kept
  const { fetched } = await fetch(ctx, kept.stripe.paymentIntentId)
  if (fetched === undefined || fetched.clientSecret === null) throw ctx.fail('PROVIDER_UNAVAILABLE')
  return withClientSecret(kept, fetched.clientSecret)
}

const withClientSecret = (start: PaymentStart, clientSecret: string): PaymentStart => ({
  ...start,
  stripe: start.stripe && { ...start.stripe, clientSecret },
})

/** What the provider said, or that it did not; either way there is something to write down. */
interface Heard {
  readonly fetched: Fetched | undefined
  apply(tx: Transaction, paymentId: PaymentId): Promise<PaymentRecord>
}

/** The order’s event may not have come yet; then orders is asked. Somebody else’s order does not exist. */
const loadOwn = async (ctx: CallContext, orderId: OrderId): Promise<PaymentRecord> => {
  const known = await findOwnPayment(ctx.db, orderId, ctx.actor.id)
  if (known !== undefined) return known
  const order = await ctx.clients.orders.getSnapshot({ orderId }, { actor: ctx.actor })
  if (order.owner.id !== ctx.actor.id) throw ctx.fail('ORDER_NOT_FOUND')
  return ctx.transaction(async (tx) => {
    await openPayment({ ctx, tx }, order)
    // One that was there already may be another's still: the event that gives it to the caller has not come yet.
    const own = await findOwnPayment(tx, orderId, ctx.actor.id)
    if (own === undefined) throw ctx.fail('ORDER_NOT_FOUND')
    return own
  })
}

/** Makes the intent, once for a payment however many ask at the same time. What is proven dead is tried anew at once. */
const create = async (ctx: CallContext, payment: PaymentRecord, isSecond = false): Promise<Heard> => {
  const operation = await ctx.transaction(async (tx) => {
    const { id, amountMinor, providerRef, orderCancelled } = await lockPayment(tx, payment.id)
    if (providerRef !== null) return providerRef
    if (orderCancelled) throw ctx.fail('PAYMENT_CLOSED')
    const wanted = { paymentId: id, name: 'create', amountMinor, callsItself: true } as const
    return requestOperation({ ctx, tx }, wanted)
  })
  if (typeof operation === 'string') return fetch(ctx, operation)
  if (operation === undefined) throw ctx.fail('PROVIDER_UNAVAILABLE')
  const outcome = await callProvider(ctx, operation, payment)
  if (outcome.kind === 'dead' && !isSecond) {
    await ctx.transaction((tx) => settleOperation({ ctx, tx }, operation, outcome))
    return create(ctx, payment, true)
  }
  return {
    fetched: outcome.kind === 'done' ? outcome.fetched : undefined,
    apply: (tx) => settleOperation({ ctx, tx }, operation, outcome),
  }
}

const fetch = async (ctx: CallContext, ref: string): Promise<Heard> => {
  try {
    const fetched = await ctx.once(`fetch:${ref}`, () => ctx.providers.stripe.fetch(ref))
    return { fetched, apply: (tx, paymentId) => applySnapshot({ ctx, tx }, paymentId, fetched.snapshot) }
  } catch (error) {
    if (error instanceof ProviderSilent || error instanceof ProviderRefused)
      throw ctx.fail('PROVIDER_UNAVAILABLE')
    throw error
  }
}

const startOf = (
  ctx: CallContext,
  payment: PaymentRecord,
  { snapshot, clientSecret }: Fetched,
): PaymentStart => ({
  payment: paymentView(payment),
  stripe:
    clientSecret === null
      ? null
      : { clientSecret, paymentIntentId: snapshot.ref, publishableKey: ctx.stripePublishableKey },
})
