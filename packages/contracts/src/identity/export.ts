/** What the shop holds of somebody about their account, for them to take along. */
import { z } from 'zod'
import { Scope } from '../access.ts'
import { mutation } from '../contract.ts'
import { Email, Timestamp } from '../text.ts'
import { LetterPurpose, SavedAddress, User } from './model.ts'

/** A sign-in, also one that is over. */
export const ExportedSession = z.object({
  id: z.uuid(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  expiresAt: Timestamp,
  endedAt: Timestamp.nullable(),
  secondFactor: z.boolean().describe('Whether a second factor was shown'),
  thirdParty: z
    .object({ id: z.uuid(), name: z.string(), scopes: z.array(Scope) })
    .nullable()
    .describe('Who acts for the person in it, and what they let it do'),
})
export type ExportedSession = z.infer<typeof ExportedSession>

/** An account at an OpenID provider by which the person signs in. */
export const LinkedProvider = z.object({ issuer: z.string(), subject: z.string(), linkedAt: Timestamp })
export type LinkedProvider = z.infer<typeof LinkedProvider>

/** One that they have unlinked: kept, so that no sign-in there links it again. */
export const UnlinkedProvider = z.object({ issuer: z.string(), subject: z.string(), unlinkedAt: Timestamp })
export type UnlinkedProvider = z.infer<typeof UnlinkedProvider>

/** A letter with a link that works once, or one of the tries to send it: each had a link of its own. */
export const ExportedLetter = z.object({
  purpose: LetterPurpose,
  email: Email.nullable().describe('The address that it proves, where it proves one'),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  usedAt: Timestamp.nullable(),
})
export type ExportedLetter = z.infer<typeof ExportedLetter>

export const ExportedAccount = z.object({
  user: User,
  addresses: z.array(SavedAddress),
  sessions: z.array(ExportedSession).describe('Newest first, at most a thousand'),
  providers: z.array(LinkedProvider),
  unlinkedProviders: z.array(UnlinkedProvider).describe('Accounts at providers that the person has given up'),
  secondFactor: z.object({ enrolled: z.boolean(), recoveryCodesLeft: z.number().int() }),
  letters: z.array(ExportedLetter).describe('Newest first, at most a thousand'),
})
export type ExportedAccount = z.infer<typeof ExportedAccount>

export const exportProcedures = {
  exportAccount: mutation({
    summary: 'All that is held of the account; what else is held is exported by the other services',
    access: 'customer',
    fresh: true,
    priority: 'account',
    http: { method: 'POST', path: '/v1/me/export' },
    input: z.strictObject({}),
    output: ExportedAccount,
  }),
}
