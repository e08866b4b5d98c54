import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { listAddresses } from '../db/addresses.ts'
import {
  listKeptLetters,
  listKeptSessions,
  listLinkedProviders,
  listUnlinkedProviders,
} from '../db/held-of-user.ts'
import { countRecoveryCodes, hasFactor } from '../db/second-factors.ts'
import { demandStanding } from '../standing.ts'

const atMost = 1_000

/** With the user locked, so that all of it is of one moment; written down like every look into what is held of somebody. */
export const exportAccount: Procedure<typeof identity.exportAccount, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const userId = user.id
    const exported = {
      user,
      addresses: await listAddresses(tx, userId),
      sessions: await listKeptSessions(tx, userId, atMost),
      providers: await listLinkedProviders(tx, userId),
      unlinkedProviders: await listUnlinkedProviders(tx, userId),
      secondFactor: {
        enrolled: await hasFactor(tx, userId),
        recoveryCodesLeft: await countRecoveryCodes(tx, userId),
      },
      letters: await listKeptLetters(tx, userId, atMost),
    }
    await audit(ctx, tx, { action: 'account.exported', target: userId, facts: { held: 'account' } })
    return exported
  })
