import { KitConfig } from '@comptoir/service-kit/config'
import { z } from 'zod'

export const Config = KitConfig.extend({
  /** How long the units of an unpaid order are held. */
  RESERVATION_MINUTES: z.coerce.number().positive().max(1440).default(15),
})
export type Config = z.output<typeof Config>
