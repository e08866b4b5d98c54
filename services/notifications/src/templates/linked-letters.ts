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
      'an account was opened with this address. To confirm that it is yours, follow the link while you are signed in to that account. It works once, for a day.',
      'If it was not you, do not confirm it: without you, whoever opened the account sees nothing of yours. To have the account for yourself, ask for a new password.',
    ],
    label: 'Confirm my address',
  }),
  fr: (name, shopName) => ({
    subject: `Confirmez votre adresse e-mail pour ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'un compte a été ouvert avec cette adresse. Pour confirmer qu’elle est la vôtre, suivez le lien en étant connecté à ce compte. Il fonctionne une seule fois, pendant un jour.',
      'Si ce n’était pas vous, ne confirmez rien : sans vous, qui a ouvert le compte ne voit rien de ce qui est à vous. Pour reprendre le compte, demandez un nouveau mot de passe.',
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
      'your account is to have this address from now on. To confirm that it is yours, follow the link while you are signed in to that account. It works once, for a day.',
      'If you did not ask for this, do not confirm it: nothing changes then.',
    ],
    label: 'Use this address',
  }),
  fr: (name, shopName) => ({
    subject: `Confirmez votre nouvelle adresse e-mail pour ${shopName}`,
    paragraphs: [
      `Bonjour ${name},`,
      'votre compte doit désormais avoir cette adresse. Pour confirmer qu’elle est la vôtre, suivez le lien en étant connecté à ce compte. Il fonctionne une seule fois, pendant un jour.',
      'Si vous n’avez rien demandé, ne confirmez rien : rien ne changera.',
    ],
    label: 'Utiliser cette adresse',
  }),
} as const satisfies Record<Locale, Say>

export const linkedLetters = {
  'verify-email': verifyEmail,
  'reset-password': resetPassword,
  'confirm-email': confirmEmail,
} as const satisfies Record<LinkTemplate, Record<Locale, Say>>
