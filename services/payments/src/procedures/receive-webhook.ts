import type { IncomingWebhook } from '@comptoir/contracts/payments/model'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { insertWebhook } from '../db/webhooks.ts'
import { WebhookForged, type ProviderHint } from '../providers/provider.ts'

type Contract = typeof payments.receiveWebhook

/** Keeps the event and answers; asking the provider about it comes afterwards. */
export const receiveWebhook: Procedure<Contract, Context> = async ({ ctx, input }) => {
  const hint = await verified(ctx, input)
  return ctx.transaction(async (tx) => {
    const isNew = await insertWebhook(tx, { provider: 'stripe', ...hint })
    if (isNew) ctx.wake('process-webhooks')
    return { duplicate: !isNew }
  })
}

const verified = async (ctx: Context & Call<Contract>, incoming: IncomingWebhook): Promise<ProviderHint> => {
  try {
    return await ctx.providers.stripe.parseWebhook(incoming, ctx.clock.now())
  } catch (error) {
    if (error instanceof WebhookForged) throw ctx.fail('WEBHOOK_SIGNATURE_INVALID')
    throw error
  }
}
