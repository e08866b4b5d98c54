import type { Stripe } from 'stripe'
import type { Ledger } from '../ledger.ts'

export const stripeSchema = `
create table if not exists objects (
  seq integer primary key autoincrement,
  id text not null unique, kind text not null, type text, created integer not null,
  intent text, charge text, body text not null);
create index if not exists objects_by_kind on objects (kind, seq);
create index if not exists objects_by_intent on objects (kind, intent);
create index if not exists objects_by_charge on objects (kind, charge);
create table if not exists idempotency_keys (
  key text primary key, endpoint text not null, fingerprint text not null,
  status integer not null, body text not null, created_at integer not null);
create index if not exists keys_by_age on idempotency_keys (created_at);
`

export type StoredObject =
  | Stripe.PaymentIntent
  | Stripe.Charge
  | Stripe.Refund
  | Stripe.PaymentMethod
  | Stripe.BalanceTransaction
  | Stripe.Dispute
  | Stripe.Event

type ByKind = {
  payment_intent: Stripe.PaymentIntent
  charge: Stripe.Charge
  refund: Stripe.Refund
  payment_method: Stripe.PaymentMethod
  balance_transaction: Stripe.BalanceTransaction
  dispute: Stripe.Dispute
  event: Stripe.Event
}
export type Kind = keyof ByKind

const idOf = (link: string | { id: string } | null | undefined): string | null =>
  typeof link === 'string' ? link : (link?.id ?? null)

type Links = { type: string | null; intent: string | null; charge: string | null }

const linksOf = (object: StoredObject): Links => {
  const none: Links = { type: null, intent: null, charge: null }
  if (object.object === 'event') return { ...none, type: object.type }
  if (object.object === 'balance_transaction')
    return { ...none, type: object.type, charge: idOf(object.source) }
  if (object.object === 'charge') return { ...none, intent: idOf(object.payment_intent) }
  if (object.object === 'refund' || object.object === 'dispute')
    return { type: object.status, intent: idOf(object.payment_intent), charge: idOf(object.charge) }
  return none
}

// `type` may be given for what a body must not show, such as which test card a payment method stands for.
export const save = (ledger: Ledger, object: StoredObject, type?: string): void => {
  const links = linksOf(object)
  ledger
    .query(
      `insert into objects (id, kind, type, created, intent, charge, body)
       values ($id, $kind, $type, $created, $intent, $charge, $body)
       on conflict (id) do update set body = excluded.body, type = coalesce(excluded.type, type)`,
    )
    .run({
      id: object.id,
      kind: object.object,
      created: object.created,
      ...links,
      type: type ?? links.type,
      body: JSON.stringify(object),
    })
}

export const find = <K extends Kind>(ledger: Ledger, kind: K, id: string): ByKind[K] | undefined => {
  const row = ledger
    .query<{ body: string }, [string, string]>('select body from objects where kind = ? and id = ?')
    .get(kind, id)
  return row === null ? undefined : JSON.parse(row.body)
}

export const typeOf = (ledger: Ledger, id: string): string | null =>
  ledger.query<{ type: string | null }, [string]>('select type from objects where id = ?').get(id)?.type ??
  null

export const all = <K extends Kind>(ledger: Ledger, kind: K): ByKind[K][] =>
  ledger
    .query<{ body: string }, [string]>('select body from objects where kind = ? order by seq')
    .all(kind)
    .map((row) => JSON.parse(row.body))

export const ofCharge = <K extends 'refund' | 'balance_transaction'>(
  ledger: Ledger,
  kind: K,
  chargeId: string,
): ByKind[K][] =>
  ledger
    .query<{ body: string }, [string, string]>(
      'select body from objects where kind = ? and charge = ? order by seq',
    )
    .all(kind, chargeId)
    .map((row) => JSON.parse(row.body))
