import type { Ledger } from '../ledger.ts'
import type { ParcelStatus } from './parcel.ts'

export const labelSchema = `
create table if not exists labels (
  seq integer primary key autoincrement, id text not null unique,
  reference text not null unique, tracking_number text not null unique, idempotency_key text unique,
  fingerprint text not null, service text not null, request text not null,
  status text not null, parcel_status text not null, moved_at integer not null, created_at integer not null);
create index if not exists labels_by_move on labels (status, parcel_status, moved_at);
create table if not exists tracking_events (
  seq integer primary key autoincrement, id text not null unique, tracking_number text not null,
  status text not null, body text not null, occurred_at integer not null);
create index if not exists events_by_parcel on tracking_events (tracking_number, seq);
`

export type LabelRow = {
  id: string
  reference: string
  tracking_number: string
  idempotency_key: string | null
  fingerprint: string
  service: string
  request: string
  status: 'active' | 'voided'
  parcel_status: ParcelStatus
  moved_at: number
  created_at: number
}

export type TrackingEvent = {
  id: string
  type: 'shipment.tracked'
  trackingNumber: string
  reference: string
  status: ParcelStatus
  description: string
  location: string | null
  occurredAt: string
}

export const addLabel = (ledger: Ledger, row: LabelRow): void => {
  ledger
    .query(
      `insert into labels (id, reference, tracking_number, idempotency_key, fingerprint, service, request, status,
         parcel_status, moved_at, created_at)
       values ($id, $reference, $tracking_number, $idempotency_key, $fingerprint, $service, $request, $status,
         $parcel_status, $moved_at, $created_at)`,
    )
    .run(row)
}

export const labelBy = (
  ledger: Ledger,
  column: 'reference' | 'tracking_number' | 'idempotency_key',
  value: string,
): LabelRow | undefined =>
  ledger.query<LabelRow, [string]>(`select * from labels where ${column} = ?`).get(value) ?? undefined

export const voidLabel = (ledger: Ledger, reference: string): void => {
  ledger.query("update labels set status = 'voided' where reference = ?").run(reference)
}

export const allLabels = (ledger: Ledger): LabelRow[] =>
  ledger.query<LabelRow, []>('select * from labels order by seq').all()

export const movable = (ledger: Ledger, until: number): LabelRow[] =>
  ledger
    .query<LabelRow, [number]>(
      `select * from labels where status = 'active' and parcel_status not in ('delivered', 'returned')
       and moved_at <= ? order by seq limit 200`,
    )
    .all(until)

export const addEvent = (ledger: Ledger, event: TrackingEvent): void => {
  const at = Date.parse(event.occurredAt)
  ledger
    .query(
      'insert into tracking_events (id, tracking_number, status, body, occurred_at) values (?, ?, ?, ?, ?)',
    )
    .run(event.id, event.trackingNumber, event.status, JSON.stringify(event), at)
  ledger
    .query('update labels set parcel_status = ?, moved_at = ? where tracking_number = ?')
    .run(event.status, at, event.trackingNumber)
}

export const eventsOf = (ledger: Ledger, trackingNumber: string): TrackingEvent[] =>
  ledger
    .query<{ body: string }, [string]>(
      'select body from tracking_events where tracking_number = ? order by seq',
    )
    .all(trackingNumber)
    .map((row) => JSON.parse(row.body))
