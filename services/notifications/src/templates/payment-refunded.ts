import type { Locale } from '@comptoir/contracts/text'
import type { PaymentFacts } from '../domain/payload.ts'
import { formatMoney } from './format.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }, amount) => ({
    subject: `Refund for order ${number}`,
    paragraphs: [
      `In all we have given back ${amount} for your order.`,
      'Your bank takes five to ten days to show it.',
    ],
  }),
  fr: ({ number }, amount) => ({
    subject: `Remboursement de la commande ${number}`,
    paragraphs: [
      `En tout, nous vous avons rendu ${amount} pour votre commande.`,
      'Votre banque met cinq à dix jours à l’afficher.',
    ],
  }),
} as const satisfies Record<Locale, (payment: PaymentFacts, amount: string) => Words>

export const paymentRefunded = (locale: Locale, data: { payment: PaymentFacts; shopName: string }): Letter =>
  letter(words[locale](data.payment, formatMoney(data.payment.amount, locale)), {
    locale,
    shopName: data.shopName,
  })
