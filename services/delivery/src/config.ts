import { KitConfig } from '@comptoir/service-kit/config'
import { SecretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'

export const Config = KitConfig.extend({
  /** Where the carrier's API is, without `/v1`. */
  CARRIER_API_BASE: z.url({ protocol: /^https?$/ }),
  CARRIER_API_KEY: SecretString,
  CARRIER_WEBHOOK_SECRET: SecretString,
  CARRIER_TIMEOUT_MS: z.coerce.number().int().min(100).max(9_000).default(5_000),
  /** A dispatch that nobody finished by then is finished by the worker; longer than the carrier may take. */
  DISPATCH_LEASE_MS: z.coerce.number().int().min(500).default(10_000),
  /** Without news for so long, the carrier is asked. */
  RECONCILE_SECONDS: z.coerce.number().int().min(1).default(60),
})
export type Config = z.output<typeof Config>
