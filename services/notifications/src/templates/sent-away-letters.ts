import type { Locale } from '@comptoir/contracts/text'
import type { SentAwayPayload, SentAwayTemplate } from '../domain/payload.ts'
import { inert } from './inert.ts'
import { type Letter, letter, type Words } from './letter.ts'

interface Told {
  readonly name: string
  readonly shopName: string
  /** What lets somebody in all the same, in paragraphs. */
  readonly remaining: readonly string[]
}
type Say = (told: Told) => Words

const passwordChanged = {
  en: ({ name, shopName, remaining }) => ({
    subject: `Your password for ${shopName} was changed`,
    paragraphs: [
      `Hello ${name},`,
      'your password was changed just now, and whoever was signed in elsewhere is not any more.',
      ...remaining,
      'If it was not you, ask for a new password at once, and write to us.',
    ],
  }),
  fr: ({ name, shopName, remaining }) => ({
    subject: `Votre mot de passe pour ${shopName} a été modifié`,
    paragraphs: [
      `Bonjour ${name},`,
      'votre mot de passe vient d’être modifié, et toutes les autres connexions sont terminées.',
      ...remaining,
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

const signedOutEverywhere = {
  en: ({ name, shopName, remaining }) => ({
    subject: `Everybody was signed out of your account with ${shopName}`,
    paragraphs: [
      `Hello ${name},`,
      'whoever was signed in to your account is not any more: somebody who was signed in to it asked for that just now.',
      ...remaining,
      'If it was not you, ask for a new password at once, and write to us.',
    ],
  }),
  fr: ({ name, shopName, remaining }) => ({
    subject: `Toutes les connexions à votre compte chez ${shopName} sont terminées`,
    paragraphs: [
      `Bonjour ${name},`,
      'plus personne n’est connecté à votre compte : quelqu’un qui l’était vient de le demander.',
      ...remaining,
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

/** Names stand in quotes, so that none reads like a sentence of ours; those of machines are whatever somebody has typed. */
const ways = {
  en: {
    providers: (names) =>
      `An account at each of these is still linked to yours, and whoever signs in there is let in here: ${quoted(names, ['“', '”'])}. To remove one that is not yours, sign in and unlink it under the linked accounts of your account.`,
    machines: (names) =>
      `These keys and programs that you have set up still work: ${first(names, ['“', '”'], (more) => ` and at least ${more} more`)}. If you do not know one of them, sign in and revoke it, or have an administrator revoke it.`,
  },
  fr: {
    providers: (names) =>
      `Un compte chez chacun de ces services reste lié au vôtre, et qui s’y connecte a accès à votre compte ici : ${quoted(names, ['« ', ' »'])}. Pour en supprimer un qui n’est pas à vous, connectez-vous et supprimez ce lien parmi les comptes liés de votre compte.`,
    machines: (names) =>
      `Ces clés et programmes que vous avez mis en place fonctionnent toujours : ${first(names, ['« ', ' »'], (more) => ` et au moins ${more} de plus`)}. Si vous n’en reconnaissez pas un, connectez-vous et révoquez-le, ou demandez-le à un administrateur.`,
  },
} as const satisfies Record<Locale, Record<'providers' | 'machines', (names: readonly string[]) => string>>

type Quotes = readonly [open: string, close: string]

const quoted = (names: readonly string[], [open, close]: Quotes): string =>
  names.map((name) => `${open}${name}${close}`).join(', ')

const namesMax = 10

/** So many that the letter stays one to be read; how many there are beyond that, the event itself may not say in full. */
const first = (names: readonly string[], quotes: Quotes, andMore: (more: number) => string): string =>
  quoted(names.slice(0, namesMax).map(inert), quotes) +
  (names.length > namesMax ? andMore(names.length - namesMax) : '')

const templates = {
  'password-changed': passwordChanged,
  'signed-out-everywhere': signedOutEverywhere,
} as const satisfies Record<SentAwayTemplate, Record<Locale, Say>>

/** That whoever was signed in is not any more, with what lets somebody in all the same. */
export const sentAwayLetter = (
  { template, name, providers = [], machines = [] }: SentAwayPayload,
  locale: Locale,
  shopName: string,
): Letter => {
  const remaining = [
    ...(providers.length > 0 ? [ways[locale].providers(providers)] : []),
    ...(machines.length > 0 ? [ways[locale].machines(machines)] : []),
  ]
  return letter(templates[template][locale]({ name, shopName, remaining }), { locale, shopName })
}
