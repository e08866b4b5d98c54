/** For a face whose address does not tell what is asked for: each operation is charged when it is called. */
import { commonError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { Operation } from '../operations.ts'
import { askedOf } from './asked.ts'
import type { Protection } from './protection.ts'
import { takeQuotas } from './quota.ts'

/** Throws RATE_LIMITED where the caller's quota does not suffice for the operation. */
export const chargeOperation =
  (protection: Protection) =>
  (c: Context<EdgeEnv>, { contract }: Operation): void => {
    const asked = askedOf(contract)
    const taken = takeQuotas(protection.rates, { actor: c.get('actor'), client: c.get('client') }, asked)
    if (taken?.isAllowed !== false) return
    protection.refused('rate', asked.priority)
    throw commonError('RATE_LIMITED', { retryAfterSeconds: taken.seconds })
  }
