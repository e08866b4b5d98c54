import { confirmSecondFactor } from '../procedures/confirm-second-factor.ts'
import { enrolSecondFactor } from '../procedures/enrol-second-factor.ts'
import { getSecondFactor } from '../procedures/get-second-factor.ts'
import { reauthenticate } from '../procedures/reauthenticate.ts'
import { removeSecondFactor } from '../procedures/remove-second-factor.ts'
import { renewRecoveryCodes } from '../procedures/renew-recovery-codes.ts'

export const secondFactorArea = {
  reauthenticate,
  getSecondFactor,
  enrolSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
}
