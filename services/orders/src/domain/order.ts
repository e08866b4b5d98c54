import { type Occurrence, occurred } from '@comptoir/contracts/event'
import type { CartId } from '@comptoir/contracts/ids'
import {
  orderCancelled,
  orderConfirmed,
  orderDelivered,
  orderPrepared,
  orderReceived,
  orderShipped,
} from '@comptoir/contracts/orders/events'
import type {
  CancelReason,
  Order,
  OrderSnapshot,
  OrderStatus,
  TimelineEntry,
} from '@comptoir/contracts/orders/model'
import { attentionAfter } from './attention.ts'

/** An order as the domain sees it: what it shows, whose it is, and how far it has heard payments and delivery. */
export interface OrderState extends Order {
  readonly owner: OrderSnapshot['owner']
  readonly cartId: CartId
  readonly cartVersion: number
  /** Whether payments has said that it holds no money of the order, and waits for none. */
  readonly moneyReturned: boolean
  readonly paymentVersion: number
  readonly deliveryVersion: number
}

/** Who moves an order, when, and because of which event. */
export interface By {
  readonly at: string
  readonly actor: 'customer' | 'staff' | 'system'
  readonly eventId?: string
}

export interface HistoryEntry extends Omit<TimelineEntry, 'id'> {
  readonly eventId: string | null
}

/** What a command decides: the order after it, the rows of its history and what the world is told. */
export interface Change {
  readonly next: OrderState
  readonly history: readonly HistoryEntry[]
  readonly events: readonly Occurrence[]
}

export const transitions = {
  received: ['confirmed', 'cancelled'],
  confirmed: ['prepared', 'cancelled'],
  prepared: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>

/** An order was to go where no arrow leads. */
export class IllegalMove extends Error {
  readonly from: OrderStatus
  readonly to: OrderStatus

  constructor(from: OrderStatus, to: OrderStatus) {
    super(`An order cannot go from ${from} to ${to}`)
    this.name = 'IllegalMove'
    this.from = from
    this.to = to
  }
}

export const allows = (from: OrderStatus, to: OrderStatus): boolean => {
  const targets: readonly OrderStatus[] = transitions[from]
  return targets.includes(to)
}

export const isOver = (status: OrderStatus): boolean => transitions[status].length === 0

/** Whether the shop has money for the order; an order of nothing is paid once its payment says so. */
export const isPaid = ({ paymentStatus }: Pick<OrderState, 'paymentStatus'>): boolean =>
  paymentStatus === 'paid' || paymentStatus === 'partially_refunded'

export const receive = (order: OrderState, by: By): Change => ({
  next: order,
  history: [entry(by, { kind: 'order', status: 'received' })],
  events: [
    occurred(orderReceived, { aggregateId: order.id, version: order.version, data: snapshotOf(order) }),
  ],
})

export const confirm = (order: OrderState, by: By): Change => move(order, by, { to: 'confirmed' })
export const prepare = (order: OrderState, by: By): Change => move(order, by, { to: 'prepared' })
export const ship = (order: OrderState, by: By): Change => move(order, by, { to: 'shipped' })
export const deliver = (order: OrderState, by: By): Change => move(order, by, { to: 'delivered' })
export const cancel = (order: OrderState, reason: CancelReason, by: By): Change =>
  move(order, by, { to: 'cancelled', reason })

const told = {
  confirmed: orderConfirmed,
  prepared: orderPrepared,
  shipped: orderShipped,
  delivered: orderDelivered,
  cancelled: orderCancelled,
} as const

// The version counts the moves, and every move is one event, so that hearers see versions without gaps.
const move = (
  order: OrderState,
  by: By,
  { to, reason = null }: { readonly to: keyof typeof told; readonly reason?: CancelReason | null },
): Change => {
  if (!allows(order.status, to)) throw new IllegalMove(order.status, to)
  const next: OrderState = {
    ...order,
    status: to,
    cancelReason: reason,
    attention: attentionAfter(order.attention, to),
    version: order.version + 1,
    updatedAt: by.at,
  }
  return {
    next,
    history: [entry(by, { kind: 'order', status: to, reason })],
    events: [occurred(told[to], { aggregateId: order.id, version: next.version, data: snapshotOf(next) })],
  }
}

/** One row of the history. */
export const entry = (
  by: By,
  what: Pick<HistoryEntry, 'kind' | 'status'> & { readonly reason?: string | null },
): HistoryEntry => ({
  kind: what.kind,
  status: what.status,
  actor: by.actor,
  reason: what.reason ?? null,
  at: by.at,
  eventId: by.eventId ?? null,
})

/** Does `then` on what `first` left, as one change. */
export const followedBy = (first: Change, then: (order: OrderState) => Change): Change => {
  const second = then(first.next)
  return {
    next: second.next,
    history: [...first.history, ...second.history],
    events: [...first.events, ...second.events],
  }
}

/** The order as its owner and staff see it. */
export const orderOf = (order: OrderState): Order => ({
  ...core(order),
  attention: order.attention,
  placedAt: order.placedAt,
  updatedAt: order.updatedAt,
})

/** The order as other services see it. */
export const snapshotOf = (order: OrderState): OrderSnapshot => ({
  ...core(order),
  owner: order.owner,
  cartId: order.cartId,
  cartVersion: order.cartVersion,
})

const core = (order: OrderState): Omit<Order, 'attention' | 'placedAt' | 'updatedAt'> => ({
  id: order.id,
  number: order.number,
  status: order.status,
  paymentStatus: order.paymentStatus,
  deliveryStatus: order.deliveryStatus,
  lines: order.lines,
  totals: order.totals,
  contact: order.contact,
  address: order.address,
  deliveryOption: order.deliveryOption,
  cancelReason: order.cancelReason,
  version: order.version,
})
