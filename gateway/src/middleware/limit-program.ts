/**
 * Keeps one program from asking for more than its part, and an address from guessing. Counted afterwards: nobody uses up the
 * quota of a program by its name alone, and what a program does well is no guess of its address.
 */
import type { RateClass } from '@comptoir/contracts/settings'
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { Protection } from '../protection/protection.ts'
import type { Taken } from '../protection/rate-limiter.ts'
import { refuseRate, tellRate } from './limit-address.ts'

export interface ProgramUse {
  readonly rateClass: 'read' | 'write'
  /** Undefined for one that proves nothing: many people have the same, and are counted by their addresses. */
  readonly program: string | undefined
}

export interface ProgramLimits {
  /** The refusal of a program that has had its part, or of an address that has failed too often; undefined of any other. */
  refusal(c: Context<EdgeEnv>, use: ProgramUse): Response | undefined
  /** Counts what was answered, or that a proof was none, and tells in the answer what is left. */
  count(c: Context<EdgeEnv>, use: ProgramUse | 'failed', response: Response): void
}

export const limitPrograms = (protection: Protection): ProgramLimits => {
  const { rates } = protection
  const who = (c: Context<EdgeEnv>, { program }: ProgramUse): string => program ?? c.get('client')
  /** What is refused takes nothing, and tells when to come back. */
  const refused = (rateClass: RateClass, client: string): Taken | undefined => {
    if (rates.take(rateClass, client, 0).remaining >= 1) return undefined
    const taken = rates.take(rateClass, client, 1)
    return taken.isAllowed ? undefined : taken
  }
  return {
    refusal: (c, use) => {
      const taken = refused('entry', c.get('client')) ?? refused(use.rateClass, who(c, use))
      return taken === undefined ? undefined : refuseRate(c, protection, taken)
    },
    count: (c, use, response) => {
      const taken =
        use === 'failed' ? rates.take('entry', c.get('client'), 1) : rates.take(use.rateClass, who(c, use), 1)
      tellRate(response.headers, protection, taken)
    },
  }
}
