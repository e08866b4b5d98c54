import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { PaymentId } from '@comptoir/contracts/ids'
import type { Context } from '../context.ts'
import { findPayment, findPaymentOfRef } from '../db/payments.ts'
import { claimWebhooks, postponeWebhooks, settleWebhooks, type DueWebhook } from '../db/webhooks.ts'
import { retryAfterMs } from '../domain/operation.ts'
import type { PaymentRecord } from '../domain/payment.ts'
import type { ProviderSnapshot } from '../domain/snapshot.ts'
import { ProviderRefused, ProviderSilent } from '../providers/provider.ts'
import { applySnapshot } from '../steps/apply-snapshot.ts'

const limit = 20
/** The reconciler settles what a webhook could not. */
const attemptsMax = 12

interface Heard {
  readonly ref: string
  readonly eventIds: readonly string[]
  readonly attempts: number
}

/** Asks the provider about every intent that it told of; however many events told of it, once. */
export const processWebhooks: Worker<Context> = {
  name: 'process-webhooks',
  everyMs: 1_000,
  run: async (ctx) => {
    const webhooks = await claimWebhooks(ctx.db, 'stripe', { leaseMs: ctx.operationLeaseMs, limit })
    const others = webhooks.filter(({ ref }) => ref === null).map(({ eventId }) => eventId)
    if (others.length > 0) await settleWebhooks(ctx.db, 'stripe', { eventIds: others })
    await Promise.all(byIntent(webhooks).map((heard) => refresh(ctx, heard)))
    return webhooks.length === limit
  },
}

const byIntent = (webhooks: readonly DueWebhook[]): Heard[] => {
  const grouped = Map.groupBy(webhooks, ({ ref }) => ref)
  return [...grouped].flatMap(([ref, events]) => {
    if (ref === null) return []
    const eventIds = events.map(({ eventId }) => eventId)
    return [{ ref, eventIds, attempts: Math.max(...events.map(({ attempts }) => attempts)) }]
  })
}

const refresh = async (ctx: Context, heard: Heard): Promise<void> => {
  try {
    const known = await findPaymentOfRef(ctx.db, heard.ref)
    await continueTrace(known?.traceparent, () => hear(ctx, heard, known))
  } catch (error) {
    await again(ctx, heard, error)
  }
}

const hear = async (ctx: Context, { ref, eventIds }: Heard, known: PaymentRecord | undefined) => {
  const { snapshot } = await ctx.providers.stripe.fetch(ref)
  const payment = known ?? (await paymentOf(ctx, snapshot))
  const write = () =>
    ctx.transaction(async (tx) => {
      await Promise.all([
        payment === undefined ? undefined : applySnapshot({ ctx, tx }, payment.id, snapshot),
        settleWebhooks(tx, 'stripe', { eventIds }),
      ])
    })
  await (payment === known ? write() : continueTrace(payment?.traceparent, write))
}

/** An event may come before the answer that would have told us the intent’s id. */
const paymentOf = async (ctx: Context, snapshot: ProviderSnapshot): Promise<PaymentRecord | undefined> => {
  const known = await findPaymentOfRef(ctx.db, snapshot.ref)
  if (known !== undefined || snapshot.paymentId === null || !isUuid(snapshot.paymentId)) return known
  return findPayment(ctx.db, snapshot.paymentId)
}

const isUuid = (text: string): text is PaymentId => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** What the provider does not know is not asked about again. */
const again = async (ctx: Context, { ref, eventIds, attempts }: Heard, error: unknown): Promise<void> => {
  const isKnown = error instanceof ProviderRefused || error instanceof ProviderSilent
  const code = isKnown ? error.code : 'failed'
  if (error instanceof ProviderRefused || attempts >= attemptsMax) {
    await settleWebhooks(ctx.db, 'stripe', { eventIds, error: code })
  } else await postponeWebhooks(ctx.db, 'stripe', { eventIds, error: code, afterMs: retryAfterMs(attempts) })
  const facts = { ref, attempts, reason: isKnown ? code : error }
  ctx.log[isKnown ? 'warn' : 'error']('A webhook could not be worked on', facts)
}
