import type { Locale } from '@comptoir/contracts/text'
import type { LinkPayload, Payload } from '../domain/payload.ts'
import { inert } from './inert.ts'
import type { Letter } from './letter.ts'
import { emailChangeAnnounced } from './email-change-announced.ts'
import { orderCancelled } from './order-cancelled.ts'
import { orderConfirmed } from './order-confirmed.ts'
import { orderDeliveredSms } from './order-delivered-sms.ts'
import { orderDelivered } from './order-delivered.ts'
import { orderPrepared } from './order-prepared.ts'
import { orderReceived } from './order-received.ts'
import { orderShippedSms } from './order-shipped-sms.ts'
import { orderShipped } from './order-shipped.ts'
import { paymentFailed } from './payment-failed.ts'
import { paymentRefunded } from './payment-refunded.ts'
import { providerLetter } from './provider-letters.ts'
import { secondFactorLetter } from './second-factor-letters.ts'
import { sentAwayLetter } from './sent-away-letters.ts'
import { welcome } from './welcome.ts'

const orderTemplates = {
  'order-received': orderReceived,
  'order-confirmed': orderConfirmed,
  'order-prepared': orderPrepared,
  'order-delivered': orderDelivered,
  'order-cancelled': orderCancelled,
} as const

const paymentTemplates = { 'payment-failed': paymentFailed, 'payment-refunded': paymentRefunded } as const

const noticeTemplates = {
  welcome,
  'email-change-announced': emailChangeAnnounced,
  'second-factor-enrolled': secondFactorLetter('second-factor-enrolled'),
  'second-factor-removed': secondFactorLetter('second-factor-removed'),
} as const

export const renderEmail = (
  given: Exclude<Payload, LinkPayload>,
  locale: Locale,
  shopName: string,
): Letter => {
  const payload = withInertName(given)
  if ('provider' in payload) return providerLetter(payload, locale, shopName)
  if (payload.template === 'password-changed' || payload.template === 'signed-out-everywhere')
    return sentAwayLetter(payload, locale, shopName)
  if ('name' in payload) return noticeTemplates[payload.template](locale, { ...payload, shopName })
  if ('parcel' in payload) return orderShipped(locale, { ...payload, shopName })
  if ('payment' in payload) return paymentTemplates[payload.template](locale, { ...payload, shopName })
  return orderTemplates[payload.template](locale, { ...payload, shopName })
}

/** Whoever opens an account with another's address has the shop write to them by the name that they have chosen. */
const withInertName = <P extends Payload>(payload: P): P =>
  'name' in payload ? { ...payload, name: inert(payload.name) } : payload

/** Throws for a template that is never sent as SMS: the table of messages and this switch must agree. */
export const renderSms = (payload: Payload, locale: Locale, shopName: string): string => {
  if (payload.template === 'order-shipped') return orderShippedSms(locale, { ...payload, shopName })
  if (payload.template === 'order-delivered') return orderDeliveredSms(locale, { ...payload, shopName })
  throw new Error(`There is no SMS for ${payload.template}`)
}
