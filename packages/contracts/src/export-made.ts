/** That somebody was given what a service holds of them; told with ids only, because the audit log keeps it. */
import { z } from 'zod'
import { ActorKind } from './access.ts'
import { event } from './event.ts'
import { OrderId } from './ids.ts'

const ExportMade = z.object({
  by: z.object({ kind: ActorKind, id: z.string().max(64) }),
  /** The one order that it was about, where they asked for one. */
  orderId: OrderId.nullable(),
})

/** Each answer is an export of its own. */
const exportMade = <const S extends `${string}.export.made.v1`>(subject: S) =>
  event({ subject, aggregate: 'export', data: ExportMade })

export const ordersExported = exportMade('orders.export.made.v1')
export const paymentsExported = exportMade('payments.export.made.v1')
export const shipmentsExported = exportMade('delivery.export.made.v1')
export const messagesExported = exportMade('notifications.export.made.v1')
