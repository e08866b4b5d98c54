import type { Stripe } from 'stripe'
import { seconds, type Clock } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import { randomId } from '../random-id.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { apiVersion } from './api-version.ts'
import { save, type StoredObject } from './store.ts'

export type Desk = {
  ledger: Ledger
  now: () => number
  origin: () => string
  emit: (type: Stripe.Event['type'], object: StoredObject) => void
}

type Options = { ledger: Ledger; clock: Clock; webhooks: Webhooks; origin: () => string }
type Request = { id: string | null; idempotency_key: string | null }

// What an operation may use: the books, the time, and a way to say what happened.
export const openDesk = ({ ledger, clock, webhooks, origin }: Options, request: Request): Desk => {
  const now = (): number => seconds(clock.now())
  return {
    ledger,
    now,
    origin,
    emit: (type, object) => {
      const event = {
        id: randomId('evt_'),
        object: 'event' as const,
        api_version: apiVersion,
        created: now(),
        data: { object },
        livemode: false,
        pending_webhooks: webhooks.target() === undefined ? 0 : 1,
        request,
        type,
      }
      // The SDK types each event's data apart; here any object may be in it.
      save(ledger, event as Stripe.Event)
      webhooks.enqueue('stripe', { id: event.id, type, body: JSON.stringify(event) })
    },
  }
}
