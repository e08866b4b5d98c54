import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }) => ({
    subject: `Order ${number} is packed`,
    paragraphs: ['Your order is packed and waits for the carrier. We tell you when it leaves.'],
  }),
  fr: ({ number }) => ({
    subject: `Commande ${number} préparée`,
    paragraphs: ['Votre commande est emballée et attend le transporteur. Nous vous prévenons de son départ.'],
  }),
} as const satisfies Record<Locale, (order: OrderFacts) => Words>

export const orderPrepared = (locale: Locale, data: { order: OrderFacts; shopName: string }): Letter =>
  letter(words[locale](data.order), { locale, ...data })
