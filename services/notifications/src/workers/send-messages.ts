import type { Channel } from '@comptoir/contracts/notifications/model'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { claimDue, type Claimed, saveSettlement } from '../db/queue.ts'
import { settle } from '../domain/outcome.ts'
import { senderOf } from '../domain/senders.ts'
import { attempt } from './attempt.ts'

const atOnce = 8

/** Sends what is due on one channel. Each has a worker of its own: a gateway that hangs holds up only its own messages. */
export const sendMessages = (channel: Channel): Worker<Context> => ({
  name: senderOf[channel],
  everyMs: 1_000,
  run: async (ctx) => {
    const claimed = await ctx.transaction((tx) =>
      claimDue(tx, { channel, limit: atOnce, leaseMs: ctx.leaseMs }),
    )
    const done = await Promise.allSettled(
      claimed.map((message) => continueTrace(message.traceparent, () => deliver(ctx, message))),
    )
    const broken = done.find((result) => result.status === 'rejected')
    if (broken !== undefined) throw broken.reason
    return claimed.length === atOnce
  },
})

/** No transaction is open while the provider works; the settlement is written after, under the lease. */
const deliver = async (ctx: Context, message: Claimed): Promise<void> => {
  const outcome = await attempt(ctx, message)
  const settlement = settle(outcome, message.attempts, ctx.backoffScale)
  const done = {
    ...settlement,
    providerId: outcome.kind === 'sent' ? outcome.providerId : null,
    error: outcome.kind === 'sent' ? null : outcome.reason,
    at: ctx.clock.now(),
  }
  const held = await ctx.transaction((tx) => saveSettlement(tx, message, done))
  if (settlement.state === 'sent' && held) return
  ctx.log.warn('A message is not sent', {
    messageId: message.id,
    channel: message.channel,
    state: settlement.state,
    reason: held ? done.error : 'lease_lost',
    attempts: message.attempts,
    final: settlement.retryInMs === null,
  })
}
