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
  NODE_ENV: z.string().default('development'),
  /** Whether /graphql tells what there is: `on` or `off`; on unless NODE_ENV is `production`. */
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).optional(),
  TOKEN_ISSUER: z.string().default('comptoir'),
})
export type Config = z.output<typeof Config>
