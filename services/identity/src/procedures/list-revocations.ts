import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listRevocationsSince } from '../db/revocations.ts'
import { accessTokenMs } from '../domain/session.ts'

/** A row is dated when its transaction began, and seen when it has committed; none takes longer than this. */
const transactionMs = 30_000

export const listRevocations: Procedure<typeof identity.listRevocations, Context> = async ({
  ctx,
  input,
}) => {
  const since = input.since === undefined ? Date.now() - 2 * accessTokenMs : Date.parse(input.since)
  const { now, revocations } = await listRevocationsSince(ctx.db, new Date(since - transactionMs))
  return { revocations, until: now.toISOString() }
}
