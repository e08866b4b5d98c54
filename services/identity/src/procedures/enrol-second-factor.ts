import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { saveUnconfirmedFactor } from '../db/second-factors.ts'
import { sealSecret } from '../second-factor.ts'
import { makeTotpSecret, otpauthUri } from '../security/totp.ts'
import { demandStanding } from '../standing.ts'

/** Begun a second time before it is confirmed, it begins anew. */
export const enrolSecondFactor: Procedure<typeof identity.enrolSecondFactor, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const { id: userId, email } = await demandStanding(ctx, tx)
    const secret = makeTotpSecret()
    const sealed = await sealSecret(ctx, userId, secret)
    const factor = { userId, secret: sealed, createdAt: ctx.clock.now() }
    if (!(await saveUnconfirmedFactor(tx, factor))) throw ctx.fail('SECOND_FACTOR_ENROLLED')
    return { secret, uri: otpauthUri({ secret, issuer: ctx.shopName, label: email }) }
  })
