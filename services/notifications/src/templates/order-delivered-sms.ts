import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'

const words = {
  en: ({ number }, shopName) => `${shopName}: your order ${number} has been delivered.`,
  fr: ({ number }, shopName) => `${shopName} : votre commande ${number} a été livrée.`,
} as const satisfies Record<Locale, (order: OrderFacts, shopName: string) => string>

export const orderDeliveredSms = (locale: Locale, data: { order: OrderFacts; shopName: string }): string =>
  words[locale](data.order, data.shopName)
