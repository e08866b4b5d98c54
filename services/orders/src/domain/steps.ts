import type { OrderState } from './order.ts'

/** What has to be done for an order to be confirmed, cheapest to undo first; commit-stock is the point of no return. */
export const purchaseSteps = [
  'reserve-stock',
  'authorise-payment',
  'commit-stock',
  'capture-payment',
] as const
export type PurchaseStep = (typeof purchaseSteps)[number]

/** Cancelling an order that delivery has to let go of first is a step too: once begun, it does not get lost. */
export const stepNames = [...purchaseSteps, 'cancel-order'] as const
export type StepName = (typeof stepNames)[number]

export const stepStates = ['waiting', 'ready', 'running', 'done', 'failed', 'skipped'] as const
export type StepState = (typeof stepStates)[number]
export type Steps = Readonly<Record<PurchaseStep, StepState>>

/** The steps of an order whose stock is held already. */
export const firstSteps: Steps = {
  'reserve-stock': 'done',
  'authorise-payment': 'waiting',
  'commit-stock': 'waiting',
  'capture-payment': 'waiting',
}

export interface Progress {
  readonly moves: readonly { readonly name: PurchaseStep; readonly to: 'ready' | 'done' | 'skipped' }[]
  readonly confirm: boolean
}

/**
 * What is to be done next, from the facts alone, so that it does not matter in which order they became known: money
 * that is promised lets the stock be committed, committed stock lets the money be taken, both confirm the order.
 */
export const progress = (order: Pick<OrderState, 'status' | 'paymentStatus'>, steps: Steps): Progress => {
  const open = purchaseSteps.filter((name) => isOpen(steps[name]))
  if (order.status !== 'received') {
    return { moves: open.map((name) => ({ name, to: 'skipped' })), confirm: false }
  }
  const taken = order.paymentStatus === 'paid' || order.paymentStatus === 'partially_refunded'
  const promised = taken || order.paymentStatus === 'authorized'
  const committed = steps['commit-stock'] === 'done'
  const moves = open.flatMap((name): Progress['moves'] => {
    if (name === 'authorise-payment' && promised) return [{ name, to: 'done' }]
    if (name === 'capture-payment' && taken) return [{ name, to: 'done' }]
    if (steps[name] !== 'waiting') return []
    if (name === 'commit-stock' && promised) return [{ name, to: 'ready' }]
    if (name === 'capture-payment' && promised && committed) return [{ name, to: 'ready' }]
    return []
  })
  return { moves, confirm: taken && committed }
}

const isOpen = (state: StepState): boolean => state === 'waiting' || state === 'ready' || state === 'running'

/** How long until a step is tried again: doubles from half a second to five minutes; `random` (0 to 1) spreads it. */
export const backoffMs = (tries: number, random: number): number => {
  const capMs = Math.min(300_000, 500 * 2 ** Math.min(tries - 1, 20))
  return Math.round(capMs * (0.5 + random / 2))
}
