/** Reads secrets from HashiCorp Vault's KV engine, version 2, over its HTTP API. */
import { z } from 'zod'
import { type Secret, reveal } from './secret.ts'

export interface VaultOptions {
  /** `http(s)://host:port` */
  readonly address: string
  readonly token: Secret
  readonly namespace?: string | undefined
  readonly timeoutMs: number
}

export interface Vault {
  /**
   * The text that a reference `vault://mount/path#field` stands for, in its newest version. Throws what was wrong in words
   * that tell neither the reference nor what it stands for.
   */
  read(reference: string): Promise<string>
}

const Answer = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) })
type Fields = Readonly<Record<string, unknown>>

/** Whether a value is a reference rather than the secret itself. */
export const isVaultReference = (value: string): boolean => value.startsWith('vault://')

/** Asks once for each path, however many fields of it are wanted. */
export const createVault = (options: VaultOptions): Vault => {
  const asked = new Map<string, Promise<Fields>>()
  const fieldsAt = (path: string): Promise<Fields> => {
    const fields = asked.get(path) ?? ask(options, path)
    asked.set(path, fields)
    return fields
  }
  return {
    read: async (reference) => {
      const { path, field } = parse(reference)
      const fields = await fieldsAt(path)
      const value = Object.hasOwn(fields, field) ? fields[field] : undefined
      if (typeof value !== 'string' || value === '')
        throw new Error('The secret in Vault has no text under this field')
      return value
    },
  }
}

const parse = (reference: string): { path: string; field: string } => {
  const [, mount, path, field] = /^vault:\/\/([^/#?]+)\/([^#?]+)#(.+)$/.exec(reference) ?? []
  const segments = path?.split('/') ?? []
  if (mount === undefined || field === undefined || segments.some((part) => /^\.{0,2}$/.test(part)))
    throw new Error('Expected vault://mount/path#field')
  const encoded = segments.map(encodeURIComponent).join('/')
  return { path: `/v1/${encodeURIComponent(mount)}/data/${encoded}`, field }
}

const ask = async ({ address, token, namespace, timeoutMs }: VaultOptions, path: string): Promise<Fields> => {
  const response = await fetch(`${address.replace(/\/+$/, '')}${path}`, {
    headers: {
      'x-vault-request': 'true',
      'x-vault-token': reveal(token),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    },
    // The token is for this address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    const late = error instanceof Error && error.name === 'TimeoutError'
    throw new Error(late ? `Vault did not answer within ${timeoutMs} ms` : 'Vault cannot be reached')
  })
  if (response.status === 404) throw new Error('Vault has no such secret')
  if (!response.ok) throw new Error(`Vault answered ${response.status}`)
  const answer = Answer.safeParse(await response.json().catch(() => undefined))
  if (!answer.success) throw new Error('Vault did not answer as its KV engine, version 2, does')
  return answer.data.data.data
}
