// Invariant 2, money: the orders, the payments, the ledger and the provider agree to the penny.
import type { Databases } from './databases.ts'
import { stripeLedger } from './provider-ledgers.ts'

interface Paid {
  readonly orderId: string
  readonly ref: string | null
  readonly provider: string
  readonly status: string
  readonly amountMinor: number
  readonly capturedMinor: number
  readonly refundedMinor: number
  readonly clearingMinor: number
}

type Stripe = Awaited<ReturnType<typeof stripeLedger>>

/** Says of each order and each booking what does not add up. */
export const moneyBreaches = async (databases: Databases, sandboxUrl: string): Promise<string[]> => {
  const stripe = await stripeLedger(sandboxUrl)
  const payments = new Map((await readPayments(databases)).map((payment) => [payment.orderId, payment]))
  const ordered = await readOrders(databases)
  return [
    ...(await bookBreaches(databases)),
    ...ordered.flatMap((order) => orderBreaches(order, payments.get(order.id), stripe)),
    ...strangers(stripe, new Set(ordered.map(({ id }) => id))),
  ]
}

const readPayments = ({ payments }: Databases) => payments<Paid[]>`
  select order_id as "orderId", provider_ref as ref, provider, status, amount_minor::float8 as "amountMinor",
    captured_minor::float8 as "capturedMinor", refunded_minor::float8 as "refundedMinor",
    (select coalesce(sum(amount_minor), 0)::float8 from ledger_entries
      where payment_id = payments.id and account = 'provider_clearing') as "clearingMinor"
  from payments`

interface Ordered {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly paymentStatus: string
  readonly totalMinor: number
}

const readOrders = ({ orders }: Databases) => orders<Ordered[]>`
  select id, number, status, payment_status as "paymentStatus", total_minor::float8 as "totalMinor" from orders`

const bookBreaches = async ({ payments }: Databases): Promise<string[]> => {
  const unbalanced = await payments<{ id: string; sum: number }[]>`
    select txn_id as id, sum(amount_minor)::float8 as sum from ledger_entries group by txn_id having sum(amount_minor) <> 0`
  return unbalanced.map(({ id, sum }) => `the booking ${id} adds up to ${sum}`)
}

const paidOf: Readonly<Record<string, readonly string[]>> = {
  unpaid: ['open', 'cancelled'],
  authorized: ['authorized', 'cancelled'],
  paid: ['captured'],
  refunded: ['refunded'],
  failed: ['failed', 'open', 'cancelled'],
}

const orderBreaches = (order: Ordered, payment: Paid | undefined, stripe: Stripe): string[] => {
  const intents = stripe.intents.filter(({ metadata }) => metadata['orderId'] === order.id)
  const isHere = ({ intent }: { intent: string | null }) => intents.some(({ id }) => id === intent)
  const captures = stripe.captures.filter(isHere)
  const captured = sum(captures)
  const refunds = stripe.refunds.filter((refund) => isHere(refund) && refund.status === 'succeeded')
  const refunded = sum(refunds)
  const open = stripe.authorizations.filter((held) => isHere(held) && held.open)
  if (payment === undefined)
    return intents.length === 0 ? [] : [`${order.number} has an intent, but no payment`]
  const kept = order.paymentStatus === 'paid' ? order.totalMinor : 0
  const claims: readonly (readonly [boolean, string])[] = [
    [intents.length <= 1, `has ${intents.length} intents`],
    [captures.length <= 1, `was charged ${captures.length} times`],
    [refunds.length <= 1, `was refunded ${refunds.length} times`],
    [
      payment.provider === 'none' || payment.capturedMinor === captured,
      `captured ${payment.capturedMinor} here, ${captured} at Stripe`,
    ],
    [payment.refundedMinor === refunded, `refunded ${payment.refundedMinor} here, ${refunded} at Stripe`],
    [
      payment.clearingMinor === captured - refunded,
      `is booked with ${payment.clearingMinor}, Stripe has ${captured - refunded}`,
    ],
    [
      captured - refunded === kept,
      `is ${order.paymentStatus} with ${kept}, Stripe has ${captured - refunded}`,
    ],
    [
      payment.amountMinor === order.totalMinor,
      `comes to ${order.totalMinor}, its payment to ${payment.amountMinor}`,
    ],
    [
      paidOf[order.paymentStatus]?.includes(payment.status) === true,
      `is ${order.paymentStatus}, its payment is ${payment.status}`,
    ],
    [order.status !== 'cancelled' || open.length === 0, 'is cancelled, but money is still held'],
    [
      order.status === 'received' || order.status === 'cancelled' || order.paymentStatus === 'paid',
      `is ${order.status} and ${order.paymentStatus}`,
    ],
  ]
  return claims.flatMap(([holds, claim]) => (holds ? [] : [`${order.number} ${claim}`]))
}

const strangers = ({ intents }: Stripe, known: ReadonlySet<string>): string[] =>
  intents.flatMap(({ id, metadata }) =>
    known.has(metadata['orderId'] ?? '') ? [] : [`the intent ${id} is for no order`],
  )

const sum = (movements: readonly { amount: number }[]): number =>
  movements.reduce((total, { amount }) => total + amount, 0)
