import { resolve } from 'node:path'
import { z } from 'zod'
import { repository } from './install.ts'

const port = z.coerce.number().int().min(1).max(65_535)

const Environment = z.object({
  PORT: port.default(8080),
  SANDBOX_PORT: port.default(8090),
  COMPTOIR_DATA: z
    .string()
    .optional()
    .transform((folder) => (folder === undefined ? resolve(repository, '.comptoir') : resolve(folder))),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\//)
    .optional(),
})

export type DevConfig = z.output<typeof Environment>

/** Reads the developer's environment; an empty variable counts as absent. Throws naming every bad one. */
export function readDevConfig(environment: Record<string, string | undefined>): DevConfig {
  const present = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  const result = Environment.safeParse(Object.fromEntries(present))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`These environment variables are not valid:\n${faults.join('\n')}`)
}
