import type { CancelReason, OrderSnapshot } from '@comptoir/contracts/orders/model'
import type { Price } from '@comptoir/contracts/money'
import type { Totals } from '@comptoir/contracts/carts/model'

/** What a message tells of an order: no name and no address, so that neither is kept here. */
export interface OrderFacts {
  readonly number: string
  readonly lines: readonly { readonly name: string; readonly quantity: number; readonly total: Price }[]
  readonly totals: Totals
  readonly delivery: string
  readonly cancelReason: CancelReason | null
}

export interface ParcelFacts {
  readonly number: string
  readonly carrier: string | null
  readonly trackingNumber: string
  readonly trackingUrl: string | null
}

export interface PaymentFacts {
  readonly number: string
  readonly amount: Price
}

type OrderTemplate =
  | 'order-received'
  | 'order-confirmed'
  | 'order-prepared'
  | 'order-delivered'
  | 'order-cancelled'

/** To the holder of an account, of its second factor. */
export type SecondFactorTemplate = 'second-factor-enrolled' | 'second-factor-removed'

/** To the holder of an account, by name and without anything else. */
type NoticeTemplate = 'welcome' | 'email-change-announced' | SecondFactorTemplate

/** To the holder of an account who has sent away whoever was signed in to it. */
export type SentAwayTemplate = 'password-changed' | 'signed-out-everywhere'

export interface SentAwayPayload {
  readonly template: SentAwayTemplate
  readonly name: string
  /** The providers by whose accounts somebody still gets in; left out in messages of earlier versions. */
  readonly providers?: readonly string[]
  /** The keys and clients of theirs that still work. */
  readonly machines?: readonly string[]
}

/** To the holder of an account, of an account elsewhere by which they sign in, or did. */
type ProviderTemplate = 'provider-linked' | 'provider-unlinked'

export interface ProviderPayload {
  readonly template: ProviderTemplate
  readonly name: string
  readonly provider: string
  /** Whether a password went with it that nobody had shown to be the owner's. */
  readonly passwordRemoved: boolean
}

/** With a link that works once; what makes it work is asked for when the letter is written, and kept nowhere. */
export type LinkTemplate = 'verify-email' | 'reset-password' | 'confirm-email'

export interface LinkPayload {
  readonly template: LinkTemplate
  readonly name: string
  readonly letterId: string
}

/** What a message says, before it is put into words: kept with it and rendered when it is sent. */
export type Payload =
  | { readonly template: NoticeTemplate; readonly name: string }
  | SentAwayPayload
  | ProviderPayload
  | LinkPayload
  | { readonly template: OrderTemplate; readonly order: OrderFacts }
  | { readonly template: 'order-shipped'; readonly parcel: ParcelFacts }
  | { readonly template: 'payment-failed' | 'payment-refunded'; readonly payment: PaymentFacts }
export type Template = Payload['template']

export const orderFacts = (order: OrderSnapshot): OrderFacts => ({
  number: order.number,
  lines: order.lines.map(({ name, quantity, total }) => ({ name, quantity, total })),
  totals: order.totals,
  delivery: order.deliveryOption.name,
  cancelReason: order.cancelReason,
})
