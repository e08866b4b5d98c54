import type { Locale } from '@comptoir/contracts/text'
import type { PaymentFacts } from '../domain/payload.ts'
import { formatMoney } from './format.ts'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: ({ number }, amount) => ({
    subject: `Payment for order ${number} did not succeed`,
    paragraphs: [
      `The payment of ${amount} was declined. Nothing has been taken.`,
      'We keep your order for a while: please try again, or with another card.',
    ],
  }),
  fr: ({ number }, amount) => ({
    subject: `Le paiement de la commande ${number} n’a pas abouti`,
    paragraphs: [
      `Le paiement de ${amount} a été refusé. Rien n’a été prélevé.`,
      'Nous gardons votre commande un moment : veuillez réessayer, au besoin avec une autre carte.',
    ],
  }),
} as const satisfies Record<Locale, (payment: PaymentFacts, amount: string) => Words>

export const paymentFailed = (locale: Locale, data: { payment: PaymentFacts; shopName: string }): Letter =>
  letter(words[locale](data.payment, formatMoney(data.payment.amount, locale)), {
    locale,
    shopName: data.shopName,
  })
