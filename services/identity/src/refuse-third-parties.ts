import type { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'

/** Whoever acts for somebody has no say in what keeps the somebody safe: their password and their sessions. */
export const refuseThirdParties = ({ via }: Actor): void => {
  if (via !== undefined) throw commonError('FORBIDDEN')
}
