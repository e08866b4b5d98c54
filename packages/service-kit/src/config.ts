/** Configuration: read once from the environment, checked, and handed on as a value. */
import { z } from 'zod'
import { secretAddress } from './secret.ts'

/** Safe on a laptop without any variable but the two addresses. Times in milliseconds unless the name says otherwise. */
export const KitConfig = z.object({
  DATABASE_URL: secretAddress(z.url({ protocol: /^postgres(ql)?$/ })),
  NATS_URL: secretAddress(z.string().regex(/^(nats|tls):\/\//, 'Expected nats://host:port')),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** How others reach this instance; `http://HOST:port` unless told. */
  ADVERTISED_URL: z.url().optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Which traces are recorded. What is wrong here is warned of and ignored, as OpenTelemetry wants it. */
  OTEL_TRACES_SAMPLER: z.string().optional(),
  OTEL_TRACES_SAMPLER_ARG: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  IDEMPOTENCY_LEASE_MS: z.coerce.number().int().min(100).default(15_000),
  /** How long to go on answering after SIGTERM before the connections are drained. */
  DRAIN_MS: z.coerce.number().int().min(0).default(2_000),
  /** Addresses that override discovery, by service: made of `ORDERS_URL` and its like. */
  fixedUrls: z.map(z.string(), z.url()).default(new Map()),
})
export type KitConfig = z.output<typeof KitConfig>

/** Parses the environment. Throws one error that names every bad variable and what was expected, never a value. */
export const readConfig = <S extends z.ZodType>(
  schema: S,
  env: Record<string, string | undefined>,
): z.output<S> => {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = schema.safeParse({ ...given, fixedUrls: fixedUrls(given) })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The configuration is not valid:\n${faults.join('\n')}`)
}

const notServices = new Set(['nats', 'database', 'advertised', 'public'])

const fixedUrls = (env: Readonly<Record<string, string | undefined>>): Map<string, string> =>
  new Map(
    Object.entries(env).flatMap(([name, value]) => {
      const service = /^([A-Z]+)_URL$/.exec(name)?.[1]?.toLowerCase()
      return service === undefined || value === undefined || notServices.has(service)
        ? []
        : [[service, value] as const]
    }),
  )
