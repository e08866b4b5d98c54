import type { Ledger } from '../ledger.ts'

export const smsSchema = `
create table if not exists messages (
  seq integer primary key autoincrement, sid text not null unique,
  recipient text not null, sender text not null, body text not null, created_at integer not null);
create index if not exists messages_by_recipient on messages (recipient, seq);
`

export type Sms = { sid: string; to: string; from: string; body: string; createdAt: string }

type Row = { sid: string; recipient: string; sender: string; body: string; created_at: number }

const toSms = (row: Row): Sms => ({
  sid: row.sid,
  to: row.recipient,
  from: row.sender,
  body: row.body,
  createdAt: new Date(row.created_at).toISOString(),
})

export const addSms = (ledger: Ledger, sms: Sms): void => {
  ledger
    .query(
      'insert into messages (sid, recipient, sender, body, created_at) values ($sid, $to, $from, $body, $at)',
    )
    .run({ sid: sms.sid, to: sms.to, from: sms.from, body: sms.body, at: Date.parse(sms.createdAt) })
}

export const smsBySid = (ledger: Ledger, sid: string): Sms | undefined => {
  const row = ledger.query<Row, [string]>('select * from messages where sid = ?').get(sid)
  return row === null ? undefined : toSms(row)
}

type SmsFilter = { to?: string; from?: string; since?: number; until?: number }

// Newest first; `since` is included, `until` is not.
export const listSms = (ledger: Ledger, filter: SmsFilter, page = { limit: -1, offset: 0 }): Sms[] => {
  const clauses = [
    ...(filter.to === undefined ? [] : [{ sql: 'recipient = ?', value: filter.to }]),
    ...(filter.from === undefined ? [] : [{ sql: 'sender = ?', value: filter.from }]),
    ...(filter.since === undefined ? [] : [{ sql: 'created_at >= ?', value: filter.since }]),
    ...(filter.until === undefined ? [] : [{ sql: 'created_at < ?', value: filter.until }]),
  ]
  const where = clauses.length === 0 ? '' : `where ${clauses.map(({ sql }) => sql).join(' and ')}`
  return ledger
    .query<Row, (string | number)[]>(`select * from messages ${where} order by seq desc limit ? offset ?`)
    .all(...clauses.map(({ value }) => value), page.limit, page.offset)
    .map(toSms)
}
