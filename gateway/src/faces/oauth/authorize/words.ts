/** What the pages say, in the languages of the shop. */
import type { Scope } from '@comptoir/contracts/access'
import type { Locale } from '@comptoir/contracts/text'
import type { DeadEnd } from './authorization-request.ts'
import type { SignInFault } from './sign-in.ts'

export interface Words {
  readonly signIn: string
  readonly signInFor: (client: string) => string
  readonly email: string
  readonly password: string
  readonly code: string
  readonly faults: Readonly<Record<SignInFault, string>>
  readonly consent: (client: string) => string
  readonly wants: (client: string) => string
  readonly signedInAs: string
  readonly sentTo: string
  readonly allow: string
  readonly deny: string
  readonly sorry: string
  readonly deadEnds: Readonly<Record<DeadEnd | 'not-ours' | 'unavailable', string>>
  /** By every scope that a person can let somebody have. */
  readonly scopes: Readonly<Partial<Record<Scope, string>>>
}

export const words: Readonly<Record<Locale, Words>> = {
  en: {
    signIn: 'Sign in',
    signInFor: (client) => `Sign in to go on to ${client}.`,
    email: 'E-mail',
    password: 'Password',
    code: 'Code of your authenticator, or a recovery code, if you have set one up',
    faults: {
      wrong: 'This e-mail address and password do not belong together.',
      code: 'Enter a new code of your authenticator, or a recovery code.',
      throttled: 'Too many attempts for this account; try again later, or set a new password.',
    },
    consent: (client) => `Let ${client} in?`,
    wants: (client) => `${client} asks to do this in your name:`,
    signedInAs: 'Your account',
    sentTo: 'You will be sent to',
    allow: 'Allow',
    deny: 'Deny',
    sorry: 'This does not work',
    deadEnds: {
      incomplete: 'The link that led you here is not complete. Go back and try again.',
      'unknown-client': 'The program that sent you here is not known to us, or not welcome any more.',
      'unknown-address':
        'The program that sent you here wants you back at an address that it has not registered. We send nobody there.',
      'not-ours': 'This form was not sent from our page. Go back and try again.',
      unavailable: 'We cannot answer at the moment. Try again in a minute.',
    },
    scopes: {
      account: 'See and change your profile, your cart and your orders',
      'catalog:write': 'Change products and categories',
      'stock:write': 'See and change stock',
      'orders:read': 'See every customer’s orders',
      'orders:write': 'Change every customer’s orders',
      'delivery:write': 'Hand parcels to carriers',
      'notifications:read': 'Read the messages that customers were sent',
    },
  },
  fr: {
    signIn: 'Se connecter',
    signInFor: (client) => `Connectez-vous pour continuer vers ${client}.`,
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    code: 'Code de votre application d’authentification, ou code de secours, si vous en avez',
    faults: {
      wrong: 'Cette adresse et ce mot de passe ne vont pas ensemble.',
      code: 'Saisissez un nouveau code de votre application d’authentification, ou un code de secours.',
      throttled:
        'Trop de tentatives pour ce compte ; réessayez plus tard, ou choisissez un nouveau mot de passe.',
    },
    consent: (client) => `Autoriser ${client} ?`,
    wants: (client) => `${client} demande à faire ceci en votre nom :`,
    signedInAs: 'Votre compte',
    sentTo: 'Vous serez renvoyé vers',
    allow: 'Autoriser',
    deny: 'Refuser',
    sorry: 'Cela ne fonctionne pas',
    deadEnds: {
      incomplete: 'Le lien qui vous a conduit ici est incomplet. Revenez en arrière et réessayez.',
      'unknown-client': 'Le programme qui vous a envoyé ici nous est inconnu, ou n’est plus le bienvenu.',
      'unknown-address':
        'Le programme qui vous a envoyé ici veut vous renvoyer à une adresse qu’il n’a pas déclarée. Nous n’y envoyons personne.',
      'not-ours': 'Ce formulaire ne vient pas de notre page. Revenez en arrière et réessayez.',
      unavailable: 'Nous ne pouvons pas répondre pour le moment. Réessayez dans une minute.',
    },
    scopes: {
      account: 'Voir et modifier votre profil, votre panier et vos commandes',
      'catalog:write': 'Modifier les produits et les catégories',
      'stock:write': 'Voir et modifier le stock',
      'orders:read': 'Voir les commandes de tous les clients',
      'orders:write': 'Modifier les commandes de tous les clients',
      'delivery:write': 'Remettre des colis aux transporteurs',
      'notifications:read': 'Lire les messages envoyés aux clients',
    },
  },
}

/** The language that an `Accept-Language` likes best of those we speak (RFC 9110, 12.5.4); English where it likes none. */
export const preferredLocale = (acceptLanguage: string | undefined): Locale => {
  const liked = (acceptLanguage ?? '').split(',').map((entry) => {
    const [tag = '', q = 'q=1'] = entry.split(';').map((part) => part.trim().toLowerCase())
    return { language: tag.split('-')[0], weight: Number(q.replace('q=', '')) || 0 }
  })
  const weightOf = (locale: Locale) =>
    Math.max(0, ...liked.filter(({ language }) => language === locale).map(({ weight }) => weight))
  return weightOf('fr') > weightOf('en') ? 'fr' : 'en'
}
