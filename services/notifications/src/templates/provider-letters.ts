import type { Locale } from '@comptoir/contracts/text'
import type { ProviderPayload } from '../domain/payload.ts'
import { type Letter, letter, type Words } from './letter.ts'

type Say = (told: Omit<ProviderPayload, 'template'> & { shopName: string }) => Words

const linked = {
  en: ({ name, provider, shopName, passwordRemoved }) => ({
    subject: `You can sign in to ${shopName} with ${provider} now`,
    paragraphs: [
      `Hello ${name},`,
      `an account at ${provider} was linked to yours just now. Whoever signs in there is let in here.`,
      ...(passwordRemoved
        ? [
            'The password that your account had works no more, because nobody had ever confirmed this address with it, and whoever was signed in is not any more. To have one, ask for a new password.',
          ]
        : []),
      'If it was not you, sign in, unlink it and change your password, and write to us.',
    ],
  }),
  fr: ({ name, provider, shopName, passwordRemoved }) => ({
    subject: `Vous pouvez désormais vous connecter à ${shopName} avec ${provider}`,
    paragraphs: [
      `Bonjour ${name},`,
      `un compte chez ${provider} vient d’être lié au vôtre. Qui s’y connecte a accès à votre compte ici.`,
      ...(passwordRemoved
        ? [
            'Le mot de passe de votre compte ne fonctionne plus, car personne n’avait jamais confirmé cette adresse avec lui, et toutes les autres connexions sont terminées. Pour en avoir un, demandez un nouveau mot de passe.',
          ]
        : []),
      'Si ce n’était pas vous, connectez-vous, supprimez ce lien, changez de mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

const unlinked = {
  en: ({ name, provider, shopName }) => ({
    subject: `Your account with ${shopName} is not linked to ${provider} any more`,
    paragraphs: [
      `Hello ${name},`,
      `the account at ${provider} was unlinked from yours just now, and whoever was signed in elsewhere is not any more.`,
      'If it was not you, ask for a new password at once, and write to us.',
    ],
  }),
  fr: ({ name, provider, shopName }) => ({
    subject: `Votre compte chez ${shopName} n’est plus lié à ${provider}`,
    paragraphs: [
      `Bonjour ${name},`,
      `le compte chez ${provider} vient d’être délié du vôtre, et toutes les autres connexions sont terminées.`,
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et écrivez-nous.',
    ],
  }),
} as const satisfies Record<Locale, Say>

const templates = { 'provider-linked': linked, 'provider-unlinked': unlinked } as const

/** That an account elsewhere has become a way to sign in, or is none any more. */
export const providerLetter = (
  { template, ...told }: ProviderPayload,
  locale: Locale,
  shopName: string,
): Letter => letter(templates[template][locale]({ ...told, shopName }), { locale, shopName })
