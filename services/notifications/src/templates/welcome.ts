import type { Locale } from '@comptoir/contracts/text'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: (name, shopName) => ({
    subject: `Welcome to ${shopName}`,
    paragraphs: [
      `Hello ${name},`,
      'your account is open. From now on you find your orders in one place, and your cart waits for you.',
    ],
  }),
  fr: (name, shopName) => ({
    subject: `Bienvenue chez ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'votre compte est ouvert. Vous retrouvez désormais vos commandes au même endroit, et votre panier vous attend.',
    ],
  }),
} as const satisfies Record<Locale, (name: string, shopName: string) => Words>

export const welcome = (locale: Locale, data: { name: string; shopName: string }): Letter =>
  letter(words[locale](data.name, data.shopName), { locale, shopName: data.shopName })
