import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }) => ({
    subject: `Order ${number} received`,
    paragraphs: [
      'Thank you. We have your order and keep its items for you; it is confirmed as soon as it is paid.',
    ],
  }),
  fr: ({ number }) => ({
    subject: `Commande ${number} reçue`,
    paragraphs: [
      'Merci. Nous avons bien reçu votre commande et vous réservons ses articles ; elle sera confirmée dès son paiement.',
    ],
  }),
} as const satisfies Record<Locale, (order: OrderFacts) => Words>

export const orderReceived = (locale: Locale, data: { order: OrderFacts; shopName: string }): Letter =>
  letter(words[locale](data.order), { locale, ...data })
