import { z } from 'zod'
import type { Answer } from '../perform.ts'
import { randomId } from '../random-id.ts'
import { CarrierError } from './carrier-error.ts'
import { addLabel, labelBy, type LabelRow } from './label-table.ts'
import { moveParcel, type Depot } from './move-parcel.ts'

const Party = z.strictObject({
  name: z.string().min(1).max(200),
  line1: z.string().min(1).max(200),
  line2: z.string().max(200).nullish(),
  city: z.string().min(1).max(100),
  region: z.string().max(100).nullish(),
  postalCode: z.string().min(1).max(20),
  country: z.string().regex(/^[A-Z]{2}$/),
  phone: z.string().max(30).nullish(),
  email: z.string().max(320).nullish(),
})

const LabelRequest = z.strictObject({
  reference: z.string().min(1).max(100),
  service: z.enum(['standard', 'express']).default('standard'),
  recipient: Party,
  sender: Party.optional(),
  parcel: z.strictObject({ weightGrams: z.int().min(1).max(70_000) }).optional(),
})
type LabelRequest = z.output<typeof LabelRequest>

export const parseLabelRequest = (value: unknown): LabelRequest => {
  const parsed = LabelRequest.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new CarrierError(
    400,
    'invalid_request',
    `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`,
  )
}

export const shownLabel = (row: LabelRow, origin: string): Record<string, unknown> => ({
  id: row.id,
  reference: row.reference,
  trackingNumber: row.tracking_number,
  labelUrl: `${origin}/carrier/labels/${row.tracking_number}`,
  trackingUrl: `${origin}/carrier/v1/shipments/${row.tracking_number}`,
  service: row.service,
  carrier: 'comptoir-express',
  status: row.status,
  createdAt: new Date(row.created_at).toISOString(),
})

const newTrackingNumber = (): string => {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte % 10).join('')
  return `CX${digits}GB`
}

const alreadyBought = (
  depot: Depot,
  wanted: { reference: string; key: string | null; fingerprint: string },
): LabelRow | undefined => {
  const byKey = wanted.key === null ? undefined : labelBy(depot.ledger, 'idempotency_key', wanted.key)
  if (byKey !== undefined && byKey.fingerprint !== wanted.fingerprint)
    throw new CarrierError(409, 'idempotency_conflict', 'This Idempotency-Key was used for another label.')
  const byReference = labelBy(depot.ledger, 'reference', wanted.reference)
  if (byReference !== undefined && byReference.fingerprint !== wanted.fingerprint)
    throw new CarrierError(409, 'reference_conflict', 'This reference was used for another label.')
  const label = byKey ?? byReference
  if (label?.status === 'voided')
    throw new CarrierError(
      409,
      'label_voided',
      'The label of this reference was voided; take a new reference.',
    )
  return label
}

export const buyLabel = (
  depot: Depot,
  { request, key, origin }: { request: LabelRequest; key: string | null; origin: string },
): Answer => {
  const text = JSON.stringify(request)
  const fingerprint = new Bun.CryptoHasher('sha256').update(text).digest('hex')
  const bought = alreadyBought(depot, { reference: request.reference, key, fingerprint })
  if (bought !== undefined) return { status: 200, body: shownLabel(bought, origin) }
  const now = depot.clock.now()
  const label: LabelRow = {
    id: randomId('lbl_'),
    reference: request.reference,
    tracking_number: newTrackingNumber(),
    idempotency_key: key,
    fingerprint,
    service: request.service,
    request: text,
    status: 'active',
    parcel_status: 'label_created',
    moved_at: now,
    created_at: now,
  }
  addLabel(depot.ledger, label)
  moveParcel(depot, label, 'label_created')
  return { status: 201, body: shownLabel(label, origin) }
}
