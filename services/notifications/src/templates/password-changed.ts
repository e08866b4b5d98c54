import type { Locale } from '@comptoir/contracts/text'
import { type Letter, letter, type Words } from './letter.ts'

const words = {
  en: (name, shopName) => ({
    subject: `Your password for ${shopName} was changed`,
    paragraphs: [
      `Hello ${name},`,
      'your password was changed just now, and whoever was signed in elsewhere is not any more.',
      'If it was not you, ask for a new password at once, and write to us.',
    ],
  }),
  fr: (name, shopName) => ({
    subject: `Votre mot de passe pour ${shopName} a été modifié`,
    paragraphs: [
      `Bonjour ${name},`,
      'votre mot de passe vient d’être modifié, et toutes les autres connexions sont terminées.',
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, (name: string, shopName: string) => Words>

export const passwordChanged = (locale: Locale, data: { name: string; shopName: string }): Letter =>
  letter(words[locale](data.name, data.shopName), { locale, shopName: data.shopName })
