import type { Locale } from '@comptoir/contracts/text'
import type { LinkTemplate } from '../domain/payload.ts'

/** What a letter says whose link works once. */
interface LinkedWords {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly label: string
}

type Say = (name: string, shopName: string) => LinkedWords

const verifyEmail = {
  en: (name, shopName) => ({
    subject: `Confirm your e-mail address for ${shopName}`,
    paragraphs: [
      `Hello ${name},`,
      'please confirm that this address is yours. The link works once, for a day.',
      'If you have not opened an account with us, you need do nothing.',
    ],
    label: 'Confirm my address',
  }),
  fr: (name, shopName) => ({
    subject: `Confirmez votre adresse e-mail pour ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'veuillez confirmer que cette adresse est la vôtre. Le lien fonctionne une seule fois, pendant un jour.',
      'Si vous n’avez pas ouvert de compte chez nous, vous n’avez rien à faire.',
    ],
    label: 'Confirmer mon adresse',
  }),
} as const satisfies Record<Locale, Say>

const resetPassword = {
  en: (name, shopName) => ({
    subject: `Choose a new password for ${shopName}`,
    paragraphs: [
      `Hello ${name},`,
      'somebody, most likely you, asked for a new password. The link works once, for half an hour.',
      'If it was not you, you need do nothing: your password stays as it is.',
    ],
    label: 'Choose a new password',
  }),
  fr: (name, shopName) => ({
    subject: `Choisissez un nouveau mot de passe pour ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'quelqu’un, sans doute vous, a demandé un nouveau mot de passe. Le lien fonctionne une seule fois, pendant une demi-heure.',
      'Si ce n’était pas vous, vous n’avez rien à faire : votre mot de passe reste le même.',
    ],
    label: 'Choisir un nouveau mot de passe',
  }),
} as const satisfies Record<Locale, Say>

const confirmEmail = {
  en: (name, shopName) => ({
    subject: `Confirm your new e-mail address for ${shopName}`,
    paragraphs: [
      `Hello ${name},`,
      'your account is to have this address from now on. Please confirm that it is yours. The link works once, for a day.',
      'If you did not ask for this, you need do nothing.',
    ],
    label: 'Use this address',
  }),
  fr: (name, shopName) => ({
    subject: `Confirmez votre nouvelle adresse e-mail pour ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'votre compte doit désormais avoir cette adresse. Veuillez confirmer qu’elle est la vôtre. Le lien fonctionne une seule fois, pendant un jour.',
      'Si vous n’avez rien demandé, vous n’avez rien à faire.',
    ],
    label: 'Utiliser cette adresse',
  }),
} as const satisfies Record<Locale, Say>

export const linkedLetters = {
  'verify-email': verifyEmail,
  'reset-password': resetPassword,
  'confirm-email': confirmEmail,
} as const satisfies Record<LinkTemplate, Record<Locale, Say>>
