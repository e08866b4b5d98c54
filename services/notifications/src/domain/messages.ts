import type * as deliveryEvents from '@comptoir/contracts/delivery/events'
import type { EventContract } from '@comptoir/contracts/event'
import type * as identityEvents from '@comptoir/contracts/identity/events'
import type { Channel } from '@comptoir/contracts/notifications/model'
import type * as orderEvents from '@comptoir/contracts/orders/events'
import type * as paymentEvents from '@comptoir/contracts/payments/events'
import type { Template } from './payload.ts'

type SubjectsOf<M> = { [K in keyof M]: M[K] extends EventContract<infer S> ? S : never }[keyof M]
type Subject =
  | SubjectsOf<typeof identityEvents>
  | SubjectsOf<typeof orderEvents>
  | SubjectsOf<typeof paymentEvents>
  | SubjectsOf<typeof deliveryEvents>

/** An SMS goes out only where the contact has a phone number. */
export interface Plan {
  readonly template: Template
  readonly channels: readonly Channel[]
}

/** They go to who may have lost the account to somebody else, also when that somebody has deleted it. */
export const warnings: ReadonlySet<string> = new Set<Template>(['password-changed', 'email-change-announced'])

/** Money has moved: where nobody is left to be told of it, a person has to know. */
export const aboutMoney: ReadonlySet<string> = new Set<Template>(['payment-refunded'])

/**
 * What the customer is told of each event: one message a transition and channel, or nothing. An event that is new in the
 * contracts does not compile until it is decided here.
 */
export const messages = {
  'identity.user.registered.v1': { template: 'welcome', channels: ['email'] },
  'identity.user.email_verification_requested.v1': { template: 'verify-email', channels: ['email'] },
  'identity.user.email_verified.v1': null,
  'identity.user.email_change_requested.v1': { template: 'confirm-email', channels: ['email'] },
  'identity.user.email_change_announced.v1': { template: 'email-change-announced', channels: ['email'] },
  'identity.user.password_reset_requested.v1': { template: 'reset-password', channels: ['email'] },
  'identity.user.password_changed.v1': { template: 'password-changed', channels: ['email'] },
  'identity.user.signed_out_everywhere.v1': { template: 'signed-out-everywhere', channels: ['email'] },
  'identity.user.provider_linked.v1': { template: 'provider-linked', channels: ['email'] },
  'identity.user.provider_unlinked.v1': { template: 'provider-unlinked', channels: ['email'] },
  'identity.user.second_factor_enrolled.v1': { template: 'second-factor-enrolled', channels: ['email'] },
  'identity.user.second_factor_removed.v1': { template: 'second-factor-removed', channels: ['email'] },
  'identity.user.updated.v1': null,
  'identity.user.signed_in.v1': null,
  // There is no address left to tell it to.
  'identity.user.erased.v1': null,

  'orders.order.received.v1': { template: 'order-received', channels: ['email'] },
  'orders.order.confirmed.v1': { template: 'order-confirmed', channels: ['email'] },
  'orders.order.prepared.v1': { template: 'order-prepared', channels: ['email'] },
  // The dispatch of the shipment tells of it: it knows the tracking number, and the order does not.
  'orders.order.shipped.v1': null,
  'orders.order.delivered.v1': { template: 'order-delivered', channels: ['email', 'sms'] },
  'orders.order.linked.v1': null,
  'orders.order.redacted.v1': null,
  'orders.order.cancelled.v1': { template: 'order-cancelled', channels: ['email'] },

  'payments.payment.started.v1': null,
  'payments.payment.authorized.v1': null,
  // The order's confirmation tells of it.
  'payments.payment.captured.v1': null,
  'payments.payment.failed.v1': { template: 'payment-failed', channels: ['email'] },
  'payments.payment.refunded.v1': { template: 'payment-refunded', channels: ['email'] },
  'payments.payment.cancelled.v1': null,

  'delivery.shipment.planned.v1': null,
  'delivery.shipment.dispatched.v1': { template: 'order-shipped', channels: ['email', 'sms'] },
  'delivery.shipment.tracked.v1': null,
  // The order's delivery tells of it.
  'delivery.shipment.delivered.v1': null,
  'delivery.shipment.failed.v1': null,
  'delivery.shipment.cancelled.v1': null,
} as const satisfies Record<Subject, Plan | null>
