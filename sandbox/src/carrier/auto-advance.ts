import { inTransaction } from '../ledger.ts'
import { movable } from './label-table.ts'
import { moveParcel, type Depot } from './move-parcel.ts'
import { nextStep } from './parcel.ts'

// Moves every parcel that has rested long enough one step on. What is due is read from the ledger, so that a restart
// goes on where the last process stopped.
export const startAutoAdvance = (depot: Depot, everyMs: number): (() => void) => {
  if (everyMs === 0) return () => undefined
  const tick = (): void => {
    const due = movable(depot.ledger, depot.clock.now() - everyMs)
    if (due.length === 0) return
    inTransaction(depot.ledger, () => {
      for (const label of due) {
        const next = nextStep(label.parcel_status)
        if (next !== undefined) moveParcel(depot, label, next)
      }
    })
    depot.webhooks.wake()
  }
  const timer = setInterval(tick, Math.max(Math.floor(everyMs / 4), 20))
  return () => clearInterval(timer)
}
