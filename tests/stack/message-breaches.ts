// Invariant 5 as customers see it: one message of each kind, whatever was delivered or tried twice.
import type { Databases } from './databases.ts'
import { sentMails, sentTexts } from './provider-ledgers.ts'

interface Expecting {
  readonly number: string
  readonly email: string
  readonly phone: string | null
  readonly moves: string[]
  readonly refunded: boolean
}

/**
 * Says of each order which messages its customer got too often or not at all. Every order needs a contact of its own; of
 * one whose owner was erased nobody knows it any more.
 */
export const messageBreaches = async (databases: Databases, sandboxUrl: string): Promise<string[]> => {
  const mails = countBy((await sentMails(sandboxUrl)).flatMap(({ to }) => to))
  const texts = countBy((await sentTexts(sandboxUrl)).map(({ to }) => to))
  const failures = await failureCounts(databases)
  return (await readExpecting(databases)).flatMap(({ number, email, phone, moves, refunded }) => {
    // Each move is told by e-mail, and so are a refund and each refused card; a text follows the parcel.
    const mailsDue = moves.length + Number(refunded) + (failures.get(number) ?? 0)
    const textsDue =
      phone === null ? 0 : moves.filter((move) => move === 'shipped' || move === 'delivered').length
    const mailsSent = mails.get(email) ?? 0
    const textsSent = phone === null ? 0 : (texts.get(phone) ?? 0)
    return [
      ...(mailsSent === mailsDue
        ? []
        : [`${number} was told by ${mailsSent} e-mails instead of ${mailsDue}`]),
      ...(textsSent === textsDue ? [] : [`${number} was told by ${textsSent} texts instead of ${textsDue}`]),
    ]
  })
}

const readExpecting = ({ orders }: Databases) => orders<Expecting[]>`
  select number, contact->>'email' as email, contact->>'phone' as phone, payment_status = 'refunded' as refunded,
    (select array_to_json(array_agg(status)) from status_history h where h.order_id = o.id and h.kind = 'order') as moves
  from orders o where erasure is distinct from 'done'`

const failureCounts = async ({ payments }: Databases): Promise<Map<string, number>> => {
  const told = await payments<{ number: string; times: number }[]>`
    select payload->>'orderNumber' as number, count(*)::int as times from outbox
    where subject = 'payments.payment.failed.v1' and not coalesce((payload->>'settlesCancelled')::boolean, false)
    group by 1`
  return new Map(told.map(({ number, times }) => [number, times]))
}

const countBy = (keys: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
