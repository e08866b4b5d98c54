import { accountsArea } from './accounts.ts'
import { addressesArea } from './addresses.ts'
import { browsersArea } from './browsers.ts'
import { erasureArea } from './erasure.ts'
import { exportArea } from './export.ts'
import { machineArea } from './machines.ts'
import { oauthArea } from './oauth.ts'
import { secondFactorArea } from './second-factor.ts'
import { sessionsArea } from './sessions.ts'
import { staffArea } from './staff.ts'

/** What identity answers, put together. */
export const allAreas = {
  ...sessionsArea,
  ...accountsArea,
  ...addressesArea,
  ...secondFactorArea,
  ...staffArea,
  ...machineArea,
  ...oauthArea,
  ...browsersArea,
  ...erasureArea,
  ...exportArea,
}
