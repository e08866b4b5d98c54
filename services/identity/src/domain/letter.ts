import type { LetterPurpose } from '@comptoir/contracts/identity/model'

const hourMs = 60 * 60_000

/** How long the link in a letter works. Who holds one for a password holds the account, so that is short. */
export const letterLivesMs = {
  'email-verification': 24 * hourMs,
  'password-reset': hourMs / 2,
  'email-change': 24 * hourMs,
} as const satisfies Record<LetterPurpose, number>
