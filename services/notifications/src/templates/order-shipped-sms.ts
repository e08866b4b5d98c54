import type { Locale } from '@comptoir/contracts/text'
import type { ParcelFacts } from '../domain/payload.ts'
import { trackingLink } from './tracking-link.ts'

const words = {
  en: ({ number, trackingNumber }, shopName) =>
    `${shopName}: your order ${number} is on its way. Tracking number ${trackingNumber}.`,
  fr: ({ number, trackingNumber }, shopName) =>
    `${shopName} : votre commande ${number} est en route. Numéro de suivi ${trackingNumber}.`,
} as const satisfies Record<Locale, (parcel: ParcelFacts, shopName: string) => string>

export const orderShippedSms = (locale: Locale, data: { parcel: ParcelFacts; shopName: string }): string =>
  [words[locale](data.parcel, data.shopName), trackingLink(data.parcel)]
    .filter((part) => part !== undefined)
    .join(' ')
