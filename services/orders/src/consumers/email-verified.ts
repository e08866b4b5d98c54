import type { emailVerified } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { noteProof } from '../db/links.ts'

/** Linking is left to a worker: whoever floods an address with orders must not make one transaction of them all. */
export const onEmailVerified: Handler<typeof emailVerified, Context> = async ({ ctx, tx, event }) => {
  await noteProof(tx, event.data)
  ctx.wake('link-orders')
}
