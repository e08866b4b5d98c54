import type { Desk } from './desk.ts'
import { find, ofCharge, type Kind } from './store.ts'
import { StripeError } from './stripe-error.ts'

const kinds: Record<string, Kind> = {
  pi: 'payment_intent',
  ch: 'charge',
  re: 'refund',
  pm: 'payment_method',
  txn: 'balance_transaction',
  du: 'dispute',
}
const depthMax = 4

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const load = (desk: Desk, id: string): unknown => {
  const kind = kinds[id.split('_')[0] ?? '']
  return kind === undefined ? undefined : find(desk.ledger, kind, id)
}

const refundsOf = (desk: Desk, chargeId: unknown) => ({
  object: 'list',
  data: ofCharge(desk.ledger, 'refund', String(chargeId)).toReversed().slice(0, 10),
  has_more: false,
  url: `/v1/charges/${String(chargeId)}/refunds`,
})

const expandPath = (desk: Desk, value: unknown, [name, ...rest]: string[]): unknown => {
  if (name === undefined) return value
  if (Array.isArray(value)) return value.map((item) => expandPath(desk, item, [name, ...rest]))
  if (!isRecord(value)) return value
  if (!Object.hasOwn(value, name)) {
    if (name === 'refunds' && value['object'] === 'charge')
      return { ...value, refunds: refundsOf(desk, value['id']) }
    throw new StripeError({ param: 'expand', message: `This property cannot be expanded (${name}).` })
  }
  const inner = value[name]
  const opened = typeof inner === 'string' ? (load(desk, inner) ?? inner) : inner
  return { ...value, [name]: expandPath(desk, opened, rest) }
}

// `latest_charge.balance_transaction`, `data.payment_method`: ids on the way become the objects they name.
export const expand = (desk: Desk, body: unknown, paths: string[]): unknown =>
  paths.reduce((expanded, path) => {
    const steps = path.split('.')
    if (steps.length > depthMax + 1)
      throw new StripeError({
        param: 'expand',
        message: 'You cannot expand more than 4 levels of a property.',
      })
    return expandPath(desk, expanded, steps)
  }, body)
