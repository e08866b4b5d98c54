import { occurred } from '@comptoir/contracts/event'
import { paymentsExported } from '@comptoir/contracts/export-made'
import { PaymentId } from '@comptoir/contracts/ids'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listPaymentsOf } from '../db/payments.ts'
import { paymentView } from '../domain/payment.ts'

/** Nobody's but the caller's own, also where the caller may read everybody's. */
export const exportPayments: Procedure<typeof payments.exportPayments, Context> = async ({ ctx, input }) => {
  const { cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : PaymentId.safeParse(decodeCursor(cursor, 1)?.[0])
  if (after?.success === false) throw ctx.fail('CURSOR_INVALID')
  const found = await ctx.transaction(async (tx) => {
    const by = { kind: ctx.actor.kind, id: ctx.actor.id }
    const about = { aggregateId: ctx.operationId, version: 1, data: { by, orderId: null } }
    await ctx.emit(tx, [occurred(paymentsExported, about)])
    return listPaymentsOf(tx, ctx.actor.id, { after: after?.data, limit: limit + 1 })
  })
  const items = found.slice(0, limit).map((payment) => {
    const { orderNumber, contact } = payment
    return { ...paymentView(payment), orderNumber, contact }
  })
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]) }
}
