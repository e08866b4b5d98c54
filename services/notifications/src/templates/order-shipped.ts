import type { Locale } from '@comptoir/contracts/text'
import type { ParcelFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'
import { trackingLink } from './tracking-link.ts'

const words = {
  en: ({ number, carrier, trackingNumber }) => ({
    subject: `Order ${number} is on its way`,
    paragraphs: [
      carrier === null ? 'Your parcel has left us.' : `Your parcel has left us with ${carrier}.`,
      `Tracking number: ${trackingNumber}`,
    ],
  }),
  fr: ({ number, carrier, trackingNumber }) => ({
    subject: `Commande ${number} en route`,
    paragraphs: [
      carrier === null ? 'Votre colis est parti.' : `Votre colis est parti avec ${carrier}.`,
      `Numéro de suivi : ${trackingNumber}`,
    ],
  }),
} as const satisfies Record<Locale, (parcel: ParcelFacts) => Words>

const label = { en: 'Follow your parcel', fr: 'Suivre votre colis' } as const satisfies Record<Locale, string>

export const orderShipped = (locale: Locale, data: { parcel: ParcelFacts; shopName: string }): Letter => {
  const url = trackingLink(data.parcel)
  const link = url === undefined ? undefined : { label: label[locale], url }
  return letter({ ...words[locale](data.parcel), link }, { locale, shopName: data.shopName })
}
