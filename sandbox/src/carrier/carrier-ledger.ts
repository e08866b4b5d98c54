import type { Ledger } from '../ledger.ts'
import { allLabels, eventsOf } from './label-table.ts'

export const carrierLedger = (ledger: Ledger): Record<string, unknown> => ({
  labels: allLabels(ledger).map((label) => ({
    reference: label.reference,
    trackingNumber: label.tracking_number,
    idempotencyKey: label.idempotency_key,
    service: label.service,
    labelStatus: label.status,
    status: label.parcel_status,
    createdAt: new Date(label.created_at).toISOString(),
    events: eventsOf(ledger, label.tracking_number),
  })),
})
