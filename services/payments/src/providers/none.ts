import type { Movement } from '../domain/movement.ts'
import type { ProviderSnapshot } from '../domain/snapshot.ts'
import { ProviderRefused, WebhookForged, type Fetched, type Payable, type Provider } from './provider.ts'

const kinds = ['authorization', 'capture', 'refund', 'void'] as const
type Kind = (typeof kinds)[number]

/** The payment of an order that costs nothing: it does at once, and here, what a provider would do elsewhere. */
export const createNone = (now: () => Date): Provider => {
  const answer = async (
    payable: Payable,
    done: readonly Kind[],
    operation: string | null = null,
  ): Promise<Fetched> => ({
    snapshot: noneSnapshot(payable, done, { at: now(), operation }),
    clientSecret: null,
  })
  return {
    start: (payable) => answer(payable, ['authorization']),
    capture: (payment) => answer(payment, ['authorization', 'capture']),
    refund: (payment, _amountMinor, key) => answer(payment, ['authorization', 'capture', 'refund'], key),
    cancel: (payment) => answer(payment, ['authorization', 'void']),
    fetch: () => Promise.reject(new ProviderRefused('nothing_to_fetch')),
    find: () => Promise.resolve(undefined),
    parseWebhook: () => Promise.reject(new WebhookForged('This provider sends nothing')),
  }
}

/** The payment’s own id stands for the provider’s. */
export const noneSnapshot = (
  payable: Payable,
  done: readonly Kind[],
  { at, operation }: { at: Date; operation: string | null },
): ProviderSnapshot => ({
  ref: payable.id,
  paymentId: payable.id,
  amountMinor: payable.amountMinor,
  currency: payable.currency,
  movements: done.map((kind): Movement => ({
    object: payable.id,
    kind,
    outcome: 'succeeded',
    amountMinor: payable.amountMinor,
    at: at.toISOString(),
    code: null,
    operation,
  })),
  raw: {},
})
