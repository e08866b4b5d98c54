import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { addToken, findAddressee } from '../db/letters.ts'
import { lockUser } from '../db/users.ts'
import { hashToken, makeToken } from '../security/secret-tokens.ts'

const prefixes = { 'email-verification': 'ev', 'password-reset': 'pr', 'email-change': 'ec' } as const

/**
 * Asked anew for each try to send the letter: identity keeps hashes only, so it cannot tell a token twice, and nobody may
 * know which of the tries has arrived. So every one told works, until one is used: then none does.
 */
export const issueLetterToken: Procedure<typeof identity.issueLetterToken, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { letterId, purpose } = input
    const now = ctx.clock.now()
    const userId = await findAddressee(tx, purpose, { where: { id: letterId }, now })
    if (userId === undefined || (await lockUser(tx, userId)) === undefined) return { token: null }
    const token = makeToken(prefixes[purpose])
    const added = { letterId, id: ctx.ids.next(), tokenHash: hashToken(token), now }
    return { token: (await addToken(tx, purpose, added)) ? token : null }
  })
