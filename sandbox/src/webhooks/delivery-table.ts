import type { Ledger } from '../ledger.ts'

export type DeliveryState = 'pending' | 'held' | 'delivered' | 'dropped' | 'failed'

export type DeliveryRow = {
  seq: number
  event_id: string
  type: string
  state: DeliveryState
  attempts: number
  next_at: number
  created_at: number
}

type AttemptRow = {
  delivery: number
  at: number
  status: number | null
  error: string | null
  duration_ms: number
}

// They live in the provider's own ledger, so that an effect and the webhooks it owes commit together.
export const deliverySchema = `
create table if not exists webhook_bodies (event_id text primary key, type text not null, body text not null);
create table if not exists deliveries (
  seq integer primary key autoincrement,
  event_id text not null, type text not null, state text not null,
  attempts integer not null default 0, next_at integer not null, created_at integer not null);
create index if not exists deliveries_by_state on deliveries (state, next_at);
create index if not exists deliveries_by_event on deliveries (event_id);
create table if not exists attempts (
  seq integer primary key autoincrement,
  delivery integer not null, at integer not null, status integer, error text, duration_ms integer not null);
create index if not exists attempts_by_delivery on attempts (delivery);
`

export const addBody = (ledger: Ledger, event: { id: string; type: string; body: string }): void => {
  ledger
    .query('insert or ignore into webhook_bodies (event_id, type, body) values (?, ?, ?)')
    .run(event.id, event.type, event.body)
}

export const bodyOf = (ledger: Ledger, eventId: string): { type: string; body: string } | null =>
  ledger
    .query<{ type: string; body: string }, [string]>(
      'select type, body from webhook_bodies where event_id = ?',
    )
    .get(eventId)

export const addDelivery = (ledger: Ledger, row: Omit<DeliveryRow, 'seq' | 'attempts'>): number =>
  Number(
    ledger
      .query(
        'insert into deliveries (event_id, type, state, next_at, created_at) values ($event_id, $type, $state, $next_at, $created_at)',
      )
      .run(row).lastInsertRowid,
  )

export const deliveryBySeq = (ledger: Ledger, seq: number): DeliveryRow | null =>
  ledger.query<DeliveryRow, [number]>('select * from deliveries where seq = ?').get(seq)

export const deliveriesIn = (ledger: Ledger, state: DeliveryState, until: number): DeliveryRow[] =>
  ledger
    .query<DeliveryRow, [string, number]>(
      'select * from deliveries where state = ? and next_at <= ? order by next_at, seq limit 1000',
    )
    .all(state, until)

export const nextDueAt = (ledger: Ledger): number | null =>
  ledger
    .query<{ at: number | null }, []>(
      "select min(next_at) as at from deliveries where state in ('pending', 'held')",
    )
    .get()?.at ?? null

export const listDeliveries = (ledger: Ledger, state: string | undefined): DeliveryRow[] =>
  state === undefined
    ? ledger.query<DeliveryRow, []>('select * from deliveries order by seq').all()
    : ledger.query<DeliveryRow, [string]>('select * from deliveries where state = ? order by seq').all(state)

export const attemptsOf = (ledger: Ledger, delivery: number): AttemptRow[] =>
  ledger
    .query<AttemptRow, [number]>(
      'select delivery, at, status, error, duration_ms from attempts where delivery = ? order by seq',
    )
    .all(delivery)

export const recordAttempt = (
  ledger: Ledger,
  attempt: AttemptRow,
  next: { state: DeliveryState; next_at: number },
): void => {
  ledger
    .query(
      'insert into attempts (delivery, at, status, error, duration_ms) values ($delivery, $at, $status, $error, $duration_ms)',
    )
    .run(attempt)
  ledger
    .query(
      'update deliveries set state = $state, next_at = $next_at, attempts = attempts + 1 where seq = $seq',
    )
    .run({ ...next, seq: attempt.delivery })
}
