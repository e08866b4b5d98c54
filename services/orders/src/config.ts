import { KitConfig } from '@comptoir/service-kit/config'
import { z } from 'zod'

export const Config = KitConfig.extend({
  /** What `payment.timeoutMinutes` is where nobody has set it live. */
  PAYMENT_TIMEOUT_MINUTES: z.coerce.number().int().min(1).max(10_080).optional(),
  /** After how long a step that its worker never finished is taken over by another one. */
  STEP_LEASE_MS: z.coerce.number().int().min(1_000).default(30_000),
  /** The longest pause between two tries of a step; the pauses double up to it. */
  STEP_RETRY_MAX_MS: z.coerce.number().int().min(500).default(300_000),
  /** How long a step may fail before a person is told; it is tried further all the same. */
  STEP_PATIENCE_MINUTES: z.coerce.number().int().min(1).default(15),
})
export type Config = z.output<typeof Config>
