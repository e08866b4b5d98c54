import type { IncomingWebhook } from '@comptoir/contracts/payments/model'
import type { ProviderSnapshot } from '../domain/snapshot.ts'

/** What is to be paid; `ref` and the other facts are known once the provider has been asked. */
export interface Payable {
  readonly id: string
  readonly orderId: string
  readonly amountMinor: number
  readonly currency: string
}

export interface Known extends Payable {
  readonly ref: string
}

export interface Fetched {
  readonly snapshot: ProviderSnapshot
  /** What a browser needs to pay; never stored. */
  readonly clientSecret: string | null
}

/** A provider’s event: a hint to ask again, never believed by itself. */
export interface ProviderHint {
  readonly eventId: string
  readonly type: string
  /** The intent it is about, if it is about one. */
  readonly ref: string | null
  /** What may be kept of it: ids and states. */
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * A payment provider. Everything that changes something takes an idempotency key: repeated with the same key it has its
 * effect once. Throws ProviderRefused where it said no, and ProviderSilent where nobody knows what it did.
 */
export interface Provider {
  start(payable: Payable, key: string): Promise<Fetched>
  capture(payment: Known, key: string): Promise<Fetched>
  refund(payment: Known, amountMinor: number, key: string): Promise<Fetched>
  cancel(payment: Known, key: string): Promise<Fetched>
  fetch(ref: string): Promise<Fetched>
  /** The intent that was made for a payment, if there is one, whether just now or long ago. */
  find(paymentId: string, now: Date): Promise<Fetched | undefined>
  /** Throws WebhookForged. */
  parseWebhook(incoming: IncomingWebhook, now: Date): Promise<ProviderHint>
}

/** The provider understood and said no; it did nothing. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused'
  readonly code: string
  constructor(code: string) {
    super(`The provider refused: ${code}`)
    this.code = code
  }
}

/** Timeout, broken connection, overload or a fault at the provider: the effect may or may not be there. */
export class ProviderSilent extends Error {
  override readonly name = 'ProviderSilent'
  readonly code: string
  /** The provider only repeats what it answered to this key before, and will not execute it again. */
  readonly replayed: boolean
  constructor(code: string, replayed: boolean) {
    super(`The provider gave no answer: ${code}`)
    this.code = code
    this.replayed = replayed
  }
}

export class WebhookForged extends Error {
  override readonly name = 'WebhookForged'
}
