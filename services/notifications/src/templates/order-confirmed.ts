import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }) => ({
    subject: `Order ${number} confirmed`,
    paragraphs: ['Your payment has arrived and your order is confirmed. We are getting it ready.'],
  }),
  fr: ({ number }) => ({
    subject: `Commande ${number} confirmée`,
    paragraphs: ['Votre paiement est arrivé et votre commande est confirmée. Nous la préparons.'],
  }),
} as const satisfies Record<Locale, (order: OrderFacts) => Words>

export const orderConfirmed = (locale: Locale, data: { order: OrderFacts; shopName: string }): Letter =>
  letter(words[locale](data.order), { locale, ...data })
