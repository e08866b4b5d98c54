import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { reveal } from '@comptoir/service-kit/secret'
import type { Context } from '../context.ts'
import { keepWebhook } from '../db/tracking.ts'
import { isSigned } from '../providers/carrier-signature.ts'

export const receiveWebhook: Procedure<typeof delivery.receiveWebhook, Context> = async ({ ctx, input }) => {
  const { body } = input
  const headers = new Headers(input.headers)
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const signatures = headers.get('webhook-signature') ?? ''
  const now = ctx.clock.now()
  if (id === '' || !isSigned({ id, timestamp, signatures, body }, reveal(ctx.webhookSecret), now)) {
    throw ctx.fail('WEBHOOK_SIGNATURE_INVALID')
  }
  return ctx.transaction(async (tx) => {
    const isNew = await keepWebhook(tx, { eventId: id, body })
    if (isNew) ctx.wake('apply-webhooks')
    return { duplicate: !isNew }
  })
}
