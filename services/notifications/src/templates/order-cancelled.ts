import type { CancelReason } from '@comptoir/contracts/orders/model'
import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

const reasons = {
  en: {
    customer: 'You asked us to cancel your order, and we have.',
    staff: 'We had to cancel your order.',
    payment_timeout: 'Your order was not paid in time, so we have cancelled it.',
    payment_failed: 'The payment did not succeed, so we have cancelled your order.',
    out_of_stock: 'An item of your order is not in stock any more, so we had to cancel it. We are sorry.',
  },
  fr: {
    customer: 'Vous nous avez demandé d’annuler votre commande ; c’est fait.',
    staff: 'Nous avons dû annuler votre commande.',
    payment_timeout: 'Votre commande n’a pas été payée à temps ; nous l’avons annulée.',
    payment_failed: 'Le paiement n’a pas abouti ; nous avons annulé votre commande.',
    out_of_stock:
      'Un article de votre commande n’est plus en stock ; nous avons dû l’annuler, avec nos excuses.',
  },
} as const satisfies Record<Locale, Record<CancelReason, string>>

const words = {
  en: ({ number, cancelReason }) => ({
    subject: `Order ${number} cancelled`,
    paragraphs: [reasons.en[cancelReason ?? 'staff'], 'Whatever you have paid for it is given back.'],
  }),
  fr: ({ number, cancelReason }) => ({
    subject: `Commande ${number} annulée`,
    paragraphs: [reasons.fr[cancelReason ?? 'staff'], 'Ce que vous avez payé vous est rendu.'],
  }),
} as const satisfies Record<Locale, (order: OrderFacts) => Words>

export const orderCancelled = (locale: Locale, data: { order: OrderFacts; shopName: string }): Letter =>
  letter(words[locale](data.order), { locale, ...data })
