import type { Locale } from '@comptoir/contracts/text'
import type { SecondFactorTemplate } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

interface Told {
  readonly name: string
  readonly shopName: string
}
type Say = (told: Told) => Words

const enrolled = {
  en: ({ name, shopName }) => ({
    subject: `Your account with ${shopName} has a second factor now`,
    paragraphs: [
      `Hello ${name},`,
      'a second factor was set up for your account just now: to sign in with your password, a code is asked for as well.',
      'If it was not you, somebody else is signed in to your account: ask for a new password at once, and write to us.',
    ],
  }),
  fr: ({ name, shopName }) => ({
    subject: `Votre compte chez ${shopName} a désormais un second facteur`,
    paragraphs: [
      `Bonjour ${name},`,
      'un second facteur vient d’être mis en place pour votre compte : se connecter avec votre mot de passe demande aussi un code.',
      'Si ce n’était pas vous, quelqu’un d’autre est connecté à votre compte : demandez tout de suite un nouveau mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

const removed = {
  en: ({ name, shopName }) => ({
    subject: `Your account with ${shopName} has no second factor any more`,
    paragraphs: [
      `Hello ${name},`,
      'the second factor of your account was given up just now: nobody who signs in is asked for a code any more.',
      'If it was not you, ask for a new password at once, set up a second factor again, and write to us.',
    ],
  }),
  fr: ({ name, shopName }) => ({
    subject: `Votre compte chez ${shopName} n’a plus de second facteur`,
    paragraphs: [
      `Bonjour ${name},`,
      'le second facteur de votre compte vient d’être abandonné : plus aucun code n’est demandé à qui se connecte.',
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe, mettez en place un nouveau second facteur et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

const templates = { 'second-factor-enrolled': enrolled, 'second-factor-removed': removed } as const

/** That an account asks for a code from now on, or does so no more. */
export const secondFactorLetter =
  (template: SecondFactorTemplate) =>
  (locale: Locale, told: Told): Letter =>
    letter(templates[template][locale](told), { locale, shopName: told.shopName })
