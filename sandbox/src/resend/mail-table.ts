import type { Ledger } from '../ledger.ts'

export const mailSchema = `
create table if not exists emails (
  seq integer primary key autoincrement, id text not null unique,
  sender text not null, recipients text not null, cc text not null, bcc text not null, reply_to text not null,
  subject text not null, html text, text text, headers text not null, tags text not null, attachments text not null,
  scheduled_at text, idempotency_key text, created_at integer not null);
create table if not exists email_recipients (address text not null, email integer not null, primary key (address, email)) without rowid;
create table if not exists idempotency_keys (
  key text primary key, fingerprint text not null, status integer not null, body text not null, created_at integer not null);
`

export type Mail = {
  id: string
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyTo: string[]
  subject: string
  html: string | null
  text: string | null
  headers: Record<string, string>
  tags: { name: string; value: string }[]
  attachments: { filename: string | null; contentType: string | null; bytes: number }[]
  scheduledAt: string | null
  idempotencyKey: string | null
  createdAt: string
}

type Row = {
  id: string
  sender: string
  recipients: string
  cc: string
  bcc: string
  reply_to: string
  subject: string
  html: string | null
  text: string | null
  headers: string
  tags: string
  attachments: string
  scheduled_at: string | null
  idempotency_key: string | null
  created_at: number
}

const toMail = (row: Row): Mail => ({
  id: row.id,
  from: row.sender,
  to: JSON.parse(row.recipients),
  cc: JSON.parse(row.cc),
  bcc: JSON.parse(row.bcc),
  replyTo: JSON.parse(row.reply_to),
  subject: row.subject,
  html: row.html,
  text: row.text,
  headers: JSON.parse(row.headers),
  tags: JSON.parse(row.tags),
  attachments: JSON.parse(row.attachments),
  scheduledAt: row.scheduled_at,
  idempotencyKey: row.idempotency_key,
  createdAt: new Date(row.created_at).toISOString(),
})

// `Anna Smith <anna@example.com>` is found by its address alone.
const plainAddress = (address: string): string =>
  (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase()

export const addMail = (ledger: Ledger, mail: Mail): void => {
  const { lastInsertRowid } = ledger
    .query(
      `insert into emails (id, sender, recipients, cc, bcc, reply_to, subject, html, text, headers, tags, attachments,
         scheduled_at, idempotency_key, created_at)
       values ($id, $sender, $recipients, $cc, $bcc, $reply_to, $subject, $html, $text, $headers, $tags, $attachments,
         $scheduled_at, $idempotency_key, $created_at)`,
    )
    .run({
      id: mail.id,
      sender: mail.from,
      recipients: JSON.stringify(mail.to),
      cc: JSON.stringify(mail.cc),
      bcc: JSON.stringify(mail.bcc),
      reply_to: JSON.stringify(mail.replyTo),
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      headers: JSON.stringify(mail.headers),
      tags: JSON.stringify(mail.tags),
      attachments: JSON.stringify(mail.attachments),
      scheduled_at: mail.scheduledAt,
      idempotency_key: mail.idempotencyKey,
      created_at: Date.parse(mail.createdAt),
    })
  for (const address of new Set([...mail.to, ...mail.cc, ...mail.bcc].map(plainAddress)))
    ledger
      .query('insert into email_recipients (address, email) values (?, ?)')
      .run(address, Number(lastInsertRowid))
}

export const mailById = (ledger: Ledger, id: string): Mail | undefined => {
  const row = ledger.query<Row, [string]>('select * from emails where id = ?').get(id)
  return row === null ? undefined : toMail(row)
}

// Newest first.
export const listMail = (ledger: Ledger, to: string | undefined, limit = Number.MAX_SAFE_INTEGER): Mail[] => {
  const rows =
    to === undefined
      ? ledger.query<Row, [number]>('select * from emails order by seq desc limit ?').all(limit)
      : ledger
          .query<Row, [string, number]>(
            `select emails.* from email_recipients join emails on emails.seq = email_recipients.email
             where address = ? order by emails.seq desc limit ?`,
          )
          .all(plainAddress(to), limit)
  return rows.map(toMail)
}
