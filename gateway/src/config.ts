/** The gateway's configuration. */
import { KitConfig } from '@comptoir/service-kit/config'
import { z } from 'zod'
import { readTrustedProxies } from './protection/client-address.ts'

/** As a browser writes it into `Origin`: scheme, host and port where it is not the scheme's own, and nothing else. */
const isOrigin = (text: string): boolean =>
  /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
const Origins = z
  .string()
  .transform((list) => list.split(',').flatMap((origin) => origin.trim() || []))
  .pipe(z.array(z.string().refine(isOrigin, 'Expected origins such as https://shop.example')))
const Hosts = z
  .string()
  .transform((list) => list.split(',').flatMap((host) => host.trim().toLowerCase() || []))
  .pipe(
    z.array(z.string().regex(/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/, 'Expected hosts such as gateway:8080')),
  )
const TrustedProxies = z.string().transform((text, context) => {
  const trusted = readTrustedProxies(text)
  if (trusted !== undefined) return trusted
  context.addIssue('Expected a number of proxies, or networks such as 10.0.0.0/8')
  return z.NEVER
})

export const Config = KitConfig.omit({
  DATABASE_URL: true,
  DATABASE_POOL: true,
  IDEMPOTENCY_LEASE_MS: true,
}).extend({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** A port of its own for /metrics; 0 keeps it on the public one, for callers of this machine and of private networks. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  BODY_MAX_BYTES: z.coerce.number().int().default(1_048_576),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().default(10_000),
  /** Who may tell in X-Forwarded-For where a request comes from: how many proxies are in front of us, or their networks. */
  TRUSTED_PROXIES: TrustedProxies.default(0),
  /** Multiplies what one client may ask for, in a time and at once. */
  RATE_LIMIT_SCALE: z.coerce.number().positive().default(1),
  /** Multiplies how much may be under way at once in all, and to each service. */
  LOAD_SCALE: z.coerce.number().positive().default(1),
  /** How often identity is asked what it has revoked; a session that has ended is let in for no longer. */
  REVOCATIONS_EVERY_MS: z.coerce.number().int().min(10).max(30_000).default(5_000),
  NODE_ENV: z.string().default('development'),
  /** Whether /graphql tells what there is: `on` or `off`; on unless NODE_ENV is `production`. */
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).optional(),
  /** Lets a new gateway take the port beside an old one that is about to stop; Linux only. */
  REUSE_PORT: z.stringbool().default(false),
  /** The `iss` of access tokens: what identity has as ISSUER. `PUBLIC_URL` unless told, or `comptoir` without one. */
  TOKEN_ISSUER: z.string().optional(),
  /** Where browsers find the gateway, such as `https://shop.example`; without it the host that they ask for is believed. */
  PUBLIC_URL: z.string().refine(isOrigin, 'Expected an origin such as https://shop.example').optional(),
  /**
   * With PUBLIC_URL, requests for another host are refused; these may be asked for too, such as `gateway:8080` by callers
   * in the same network.
   */
  PUBLIC_HOSTS: Hosts.default([]),
  /** Origins whose pages may read answers, such as `https://shop.example`, with commas between them. */
  CORS_ORIGINS: Origins.default([]),
  /** Origins whose pages may act with the visitor's cookie, such as those of a storefront on a host of its own. */
  SESSION_ORIGINS: Origins.default([]),
  /** How long browsers are to come by https only; 0 where the gateway is reached by http too. */
  HSTS_MAX_AGE_SECONDS: z.coerce.number().int().min(0).default(0),
})
export type Config = z.output<typeof Config>
