/** What a process starts from: its environment, with the secrets fetched, checked. */
import type { z } from 'zod'
import { readConfig } from './config.ts'
import { resolveSecrets } from './resolve-secrets.ts'

/**
 * Reads the configuration. Every variable of the schema may be given as a file or as a reference into Vault, as
 * `resolveSecrets` tells. Throws one error that names every bad variable, never a value.
 */
export const loadConfig = async <S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): Promise<z.output<S>> => readConfig(schema, await resolveSecrets(Object.keys(schema.shape), env))
