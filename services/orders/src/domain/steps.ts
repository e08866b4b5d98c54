import { isPaid, type OrderState } from './order.ts'

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
  /** What becomes of the order itself. */
  readonly outcome: 'confirm' | 'cancel' | null
}

/**
 * What is to be done next, from the facts alone, so that it does not matter in which order they became known: money
 * that is promised lets the stock be committed, committed stock lets the money be taken, both confirm the order. Money
 * that was promised and is not any more (somebody voided it at the provider) ends it: nobody can pay it again.
 */
export const progress = (order: Pick<OrderState, 'status' | 'paymentStatus'>, steps: Steps): Progress => {
  const open = purchaseSteps.filter((name) => isOpen(steps[name]))
  const skipped = open.map((name) => ({ name, to: 'skipped' as const }))
  if (order.status !== 'received') return { moves: skipped, outcome: null }
  const taken = isPaid(order)
  const promised = taken || order.paymentStatus === 'authorized'
  if (!promised && steps['authorise-payment'] === 'done') return { moves: skipped, outcome: 'cancel' }
  const committed = steps['commit-stock'] === 'done'
  const moves = open.flatMap((name): Progress['moves'] => {
    if (name === 'authorise-payment' && promised) return [{ name, to: 'done' }]
    if (name === 'capture-payment' && taken) return [{ name, to: 'done' }]
    if (steps[name] !== 'waiting') return []
    if (name === 'commit-stock' && promised) return [{ name, to: 'ready' }]
    if (name === 'capture-payment' && promised && committed) return [{ name, to: 'ready' }]
    return []
  })
  return { moves, outcome: taken && committed ? 'confirm' : null }
}

const isOpen = (state: StepState): boolean => state === 'waiting' || state === 'ready' || state === 'running'

/** How long until a step is tried again: doubles from half a second up to `maxMs`; `random` (0 to 1) spreads it. */
export const backoffMs = (tries: number, maxMs: number, random: number): number => {
  const capMs = Math.min(maxMs, 500 * 2 ** Math.min(tries - 1, 20))
  return Math.round(capMs * (0.5 + random / 2))
}
