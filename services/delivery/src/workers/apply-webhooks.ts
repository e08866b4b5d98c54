import type { Transaction } from '@comptoir/service-kit/database'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { findByTracking } from '../db/shipments.ts'
import type { WebhookOutcome } from '../db/schema.ts'
import { deferWebhook, type KeptWebhook, nextWebhook, settleWebhook } from '../db/tracking.ts'
import { carrierEvent, TrackingNews } from '../providers/carrier-protocol.ts'
import { hearNews } from '../shipping/hear-news.ts'

const triesMax = 30
const pauseMaxMs = 60_000

/** Does what the kept webhooks tell, one transaction each. One that cannot be done steps aside for the others. */
export const applyWebhooks: Worker<Context> = {
  name: 'apply-webhooks',
  everyMs: 1_000,
  run: async (ctx) => {
    let webhook: KeptWebhook | undefined
    try {
      await ctx.transaction(async (tx) => {
        webhook = await nextWebhook(tx)
        if (webhook !== undefined) await apply(ctx, tx, webhook)
      })
    } catch (error) {
      if (webhook === undefined) throw error
      const failed: KeptWebhook = webhook
      ctx.log.error('A carrier webhook failed', { eventId: failed.eventId, reason: errorFacts(error) })
      await ctx.transaction((tx) => postpone(ctx, tx, { webhook: failed, otherwise: 'unreadable' }))
    }
    return webhook !== undefined
  },
}

const apply = async (ctx: Context, tx: Transaction, webhook: KeptWebhook): Promise<void> => {
  const news = TrackingNews.safeParse(jsonOf(webhook.body))
  if (!news.success) {
    ctx.log.warn('A carrier webhook could not be read', { eventId: webhook.eventId })
    return settleWebhook(tx, webhook.eventId, 'unreadable')
  }
  const shipment = await findByTracking(tx, news.data.trackingNumber)
  // The carrier can be quicker than the answer in which it tells us the tracking number.
  if (shipment === undefined) return postpone(ctx, tx, { webhook, otherwise: 'unknown' })
  const told = { shipmentId: shipment.id, events: [carrierEvent(news.data)] }
  await continueTrace(shipment.traceparent, () => hearNews(ctx, tx, told))
  await settleWebhook(tx, webhook.eventId, 'heard')
}

const postpone = async (
  ctx: Context,
  tx: Transaction,
  { webhook, otherwise }: { webhook: KeptWebhook; otherwise: WebhookOutcome },
): Promise<void> => {
  const tries = webhook.tries + 1
  if (tries > triesMax) {
    ctx.log.warn('A carrier webhook was given up', { eventId: webhook.eventId, outcome: otherwise })
    return settleWebhook(tx, webhook.eventId, otherwise)
  }
  const pauseMs = Math.min(pauseMaxMs, 500 * 2 ** (tries - 1))
  await deferWebhook(tx, webhook.eventId, { tries, afterMs: pauseMs })
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
