/** The gateway's configuration. */
import { KitConfig } from '@comptoir/service-kit/config'
import { z } from 'zod'

export const Config = KitConfig.omit({
  DATABASE_URL: true,
  DATABASE_POOL: true,
  IDEMPOTENCY_LEASE_MS: true,
}).extend({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** A port of its own for /metrics; 0 keeps it on the public one. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  BODY_MAX_BYTES: z.coerce.number().int().default(1_048_576),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().default(10_000),
  /** Lets a new gateway take the port beside an old one that is about to stop; Linux only. */
  REUSE_PORT: z.stringbool().default(false),
  TOKEN_ISSUER: z.string().default('comptoir'),
})
export type Config = z.output<typeof Config>
