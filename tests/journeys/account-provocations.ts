// What makes the operations on one's own account answer each of their errors.
import type { Causes, Provocation, Scenery } from './provocation.ts'

const nobody = '01900000-0000-7000-8000-000000000000'
/** No such postal code is in France. */
const nowhere = { name: 'Ada', line1: '1 High Street', city: 'Paris', postalCode: 'N1 1AA', country: 'FR' }

const asMember =
  (input: Provocation['input']) =>
  ({ people }: Scenery) => ({ token: people.member.token, input })

export const ofAccounts = {
  'identity.requestEmailVerification': {
    LETTERS_THROTTLED: {
      because: 'It needs five letters to one account, and a run of it on each face would have to share them',
      seenIn: 'services/identity/tests/email-verification.test.ts',
    },
  },
  'identity.verifyEmail': { EMAIL_TOKEN_INVALID: asMember({ token: 'ev_none' }) },
  'identity.resetPassword': {
    RESET_TOKEN_INVALID: () => ({ input: { token: 'pr_none', password: 'a long enough password' } }),
    PASSWORD_BREACHED: {
      because: 'Only who holds the token of a letter hears what is wrong with the password',
      seenIn: 'services/identity/tests/passwords.test.ts',
    },
  },
  'identity.changePassword': {
    PASSWORD_WRONG: asMember({ currentPassword: 'not the password', password: 'another long password' }),
    PASSWORD_BREACHED: asMember({ currentPassword: 'a long enough password', password: 'password1234' }),
    PASSWORD_THROTTLED: {
      because: 'Who is throttled hears nothing else for a while, and would not on the other face either',
      seenIn: 'services/identity/tests/passwords.test.ts',
    },
  },
  'identity.requestEmailChange': {
    EMAIL_TAKEN: ({ people }) => ({
      token: people.member.token,
      input: { email: people.guarded.email },
    }),
    LETTERS_THROTTLED: {
      because: 'It needs five letters to one account, and a run of it on each face would have to share them',
      seenIn: 'services/identity/tests/email-change.test.ts',
    },
  },
  'identity.confirmEmailChange': {
    EMAIL_TOKEN_INVALID: asMember({ token: 'ec_none' }),
    EMAIL_TAKEN: {
      because: 'Only who holds the token of a letter hears that somebody else was faster',
      seenIn: 'services/identity/tests/email-change.test.ts',
    },
  },
  'identity.addAddress': {
    ADDRESS_INVALID: asMember({ address: nowhere }),
    ADDRESSES_FULL: {
      because: 'It needs fifty addresses of one person, whom the other provocations use as well',
      seenIn: 'services/identity/tests/addresses.test.ts',
    },
  },
  'identity.updateAddress': {
    ADDRESS_NOT_FOUND: asMember({ addressId: nobody }),
    ADDRESS_INVALID: asMember({ addressId: nobody, address: nowhere }),
  },
  'identity.removeAddress': {
    ADDRESS_NOT_FOUND: asMember({ addressId: nobody }),
  },
  'identity.endSession': {
    SESSION_NOT_FOUND: asMember({ sessionId: nobody }),
  },
  'identity.startProviderLink': {
    PROVIDER_UNKNOWN: asMember({ provider: 'none' }),
    BROWSER_SESSION_REQUIRED: asMember({ provider: 'elsewhere' }),
    PROVIDER_LINKED: {
      because: 'It needs somebody whom a provider has sent back before',
      seenIn: 'services/identity/tests/provider-links.test.ts',
    },
  },
  'identity.startProviderProof': {
    PROVIDER_UNKNOWN: asMember({ provider: 'none' }),
    PROVIDER_NOT_LINKED: asMember({ provider: 'elsewhere' }),
    SECOND_FACTOR_REQUIRED: ({ people }) => ({
      token: people.guarded.token,
      input: { provider: 'elsewhere' },
    }),
    BROWSER_SESSION_REQUIRED: {
      because: 'Who has a link has come back from a provider in a browser before',
      seenIn: 'services/identity/tests/provider-proof.test.ts',
    },
  },
  'identity.removeProviderLink': {
    PROVIDER_LINK_NOT_FOUND: asMember({ linkId: nobody }),
    LAST_WAY_IN: {
      because: 'It needs somebody who has come in by a provider and has no password',
      seenIn: 'services/identity/tests/provider-links.test.ts',
    },
  },
} satisfies Causes
