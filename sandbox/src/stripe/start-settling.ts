import { inTransaction } from '../ledger.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Desk } from './desk.ts'
import { refundsWait, settleRefunds } from './settle-refunds.ts'

// What waits is read from the ledger, so a restart forgets no refund.
export const startSettling = (desk: Desk, webhooks: Webhooks, afterMs: number): (() => void) => {
  const timer = setInterval(
    () => {
      if (!refundsWait(desk)) return
      inTransaction(desk.ledger, () => settleRefunds(desk, desk.now() - Math.ceil(afterMs / 1000)))
      webhooks.wake()
    },
    Math.min(Math.max(afterMs, 50), 1000),
  )
  return () => clearInterval(timer)
}
