import { ServiceError } from '@comptoir/contracts/errors'
import type { LetterPurpose } from '@comptoir/contracts/identity/model'
import type { Context } from '../context.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { LinkPayload, LinkTemplate } from '../domain/payload.ts'

const purposes = {
  'verify-email': 'email-verification',
  'reset-password': 'password-reset',
  'confirm-email': 'email-change',
} as const satisfies Record<LinkTemplate, LetterPurpose>

/**
 * The link of a letter, with a token that identity makes for this try. The token is in the fragment, which a browser shows
 * to no server and in no Referer. A letter that nobody waits for any more is not sent.
 */
export const linkOf = async (
  ctx: Context,
  { template, letterId }: LinkPayload,
): Promise<{ url: string } | Outcome> => {
  try {
    const { token } = await ctx.identity.issueLetterToken({ letterId, purpose: purposes[template] })
    if (token === null) return { kind: 'refused', reason: 'letter_over' }
    return { url: `${ctx.shopUrl.replace(/\/$/, '')}/account/${template}#token=${token}` }
  } catch (error) {
    if (error instanceof ServiceError) return { kind: 'unsent', reason: `identity:${error.code}` }
    throw error
  }
}
