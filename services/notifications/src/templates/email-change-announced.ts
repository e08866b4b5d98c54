import type { Locale } from '@comptoir/contracts/text'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: (name, shopName) => ({
    subject: `Your account with ${shopName} is to have another e-mail address`,
    paragraphs: [
      `Hello ${name},`,
      'somebody who is signed in as you asked for another address for your account. It changes once the letter that we sent there is answered.',
      'If it was not you, change your password at once, and write to us.',
    ],
  }),
  fr: (name, shopName) => ({
    subject: `Votre compte chez ${shopName} doit changer d’adresse e-mail`,
    paragraphs: [
      `Bonjour ${name},`,
      'quelqu’un, connecté à votre compte, a demandé une autre adresse. Elle change dès que la lettre envoyée là-bas est confirmée.',
      'Si ce n’était pas vous, changez tout de suite de mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, (name: string, shopName: string) => Words>

export const emailChangeAnnounced = (locale: Locale, data: { name: string; shopName: string }): Letter =>
  letter(words[locale](data.name, data.shopName), { locale, shopName: data.shopName })
