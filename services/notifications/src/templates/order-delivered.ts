import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }) => ({
    subject: `Order ${number} delivered`,
    paragraphs: ['Your order has been delivered. We hope that you enjoy it.'],
  }),
  fr: ({ number }) => ({
    subject: `Commande ${number} livrée`,
    paragraphs: ['Votre commande a été livrée. Nous espérons qu’elle vous plaira.'],
  }),
} as const satisfies Record<Locale, (order: OrderFacts) => Words>

export const orderDelivered = (locale: Locale, data: { order: OrderFacts; shopName: string }): Letter =>
  letter(words[locale](data.order), { locale, ...data })
