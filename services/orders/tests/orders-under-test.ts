import type { Actor } from '@comptoir/contracts/access'
import type { OrderId } from '@comptoir/contracts/ids'
import type { Order } from '@comptoir/contracts/orders/model'
import { systemIds } from '@comptoir/service-kit/ids'
import { guestActor } from '@comptoir/service-kit/testing/actors'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { timelineAfter } from '../src/db/history.ts'
import { runSteps } from '../src/workers/run-steps.ts'
import { clientsOf, createFakeShop } from './fake-shop.ts'
import { sampleCart } from './sample-cart.ts'

const limits = {
  PAYMENT_TIMEOUT_MINUTES: 30,
  STEP_LEASE_MS: 30_000,
  STEP_RETRY_MAX_MS: 300_000,
  STEP_PATIENCE_MINUTES: 15,
}

export const newKey = (): string => `key-${systemIds.next()}`

/** The real service among fake ones. `steps: 'by hand'`: no worker runs steps but `runDueSteps`. */
export const startOrders = async ({ steps = 'by worker' }: { steps?: 'by worker' | 'by hand' } = {}) => {
  const shop = createFakeShop()
  const whole = app(limits)
  const idle = { ...runSteps, everyMs: 3_600_000, run: async () => {} }
  const workers = (whole.workers ?? []).map((worker) =>
    steps === 'by hand' && worker.name === runSteps.name ? idle : worker,
  )
  const service = await startTestService({ ...whole, workers }, { clients: clientsOf(shop) })
  const never = new AbortController().signal

  return {
    shop,
    service,
    /** Places an order from a cart of its own. */
    place: async (actor: Actor = guestActor()): Promise<{ actor: Actor; order: Order }> => {
      shop.cart = sampleCart()
      return { actor, order: await service.as(actor).placeOrder({}, { idempotencyKey: newKey() }) }
    },
    runDueSteps: () => runSteps.run(service.context, never),
    /** The timeline as `kind status`, oldest first. */
    story: async (orderId: OrderId): Promise<string[]> =>
      (await timelineAfter(service.context.db, orderId, 0)).map(told),
    /** Resolves once the timeline has this entry. */
    until: async (orderId: OrderId, entry: string): Promise<void> => {
      using watch = service.context.watchers.open(orderId)
      const deadline = AbortSignal.timeout(10_000)
      for (let position = 0; ;) {
        const rows = await timelineAfter(service.context.db, orderId, position)
        if (rows.some((row) => told(row) === entry)) return
        position = rows.at(-1)?.position ?? position
        await watch.after(position, deadline)
        if (deadline.aborted) throw new Error(`Order ${orderId} never told ${entry}`)
      }
    },
  }
}

const told = ({ entry }: { entry: { kind: string; status: string } }): string =>
  `${entry.kind} ${entry.status}`

/** The code a call was refused with. */
export const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )
