/** Secrets given as a value `NAME`, as a file `NAME_FILE`, or as a reference `NAME=vault://mount/path#field`. */
import { readFile } from 'node:fs/promises'
import { Secret } from './secret.ts'
import { createVault, isVaultReference, type Vault } from './vault.ts'

type Environment = Readonly<Record<string, string | undefined>>

const timeoutMs = 5_000

/**
 * The environment with a value for each of the names that is given as a file or as a reference. Vault is asked at VAULT_ADDR
 * with VAULT_TOKEN or VAULT_TOKEN_FILE, in VAULT_NAMESPACE, and given VAULT_TIMEOUT_MS (5 s) to answer. An empty variable is
 * none. Throws one error that names every variable that cannot be read and why; no value, no reference and no file's content.
 */
export const resolveSecrets = async (
  names: readonly string[],
  env: Environment,
): Promise<Record<string, string | undefined>> => {
  const vault = once(() => openVault(env))
  const resolved: Record<string, string | undefined> = { ...env }
  const faults: string[] = []
  for (const name of names) {
    try {
      const value = await readGiven(name, env)
      if (value !== undefined)
        resolved[name] = isVaultReference(value) ? await (await vault()).read(value) : value
    } catch (error) {
      faults.push(`  ${name}: ${error instanceof Error ? error.message : 'It cannot be read'}`)
    }
  }
  if (faults.length > 0) throw new Error(`Secrets cannot be read:\n${faults.join('\n')}`)
  return resolved
}

const readGiven = async (name: string, env: Environment): Promise<string | undefined> => {
  const [value, path] = [env[name] || undefined, env[`${name}_FILE`] || undefined]
  if (path === undefined) return value
  if (value !== undefined) throw new Error(`Expected either ${name} or ${name}_FILE, not both`)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The file of ${name}_FILE cannot be read (${error.code ?? error.name})`)
  })
  // Editors and `echo` end a file with a line break, which is no part of a secret.
  const content = text.replace(/\r?\n$/, '')
  if (content === '') throw new Error(`The file of ${name}_FILE is empty`)
  return content
}

const openVault = async (env: Environment): Promise<Vault> => {
  const address = env['VAULT_ADDR']
  if (address === undefined || !/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    throw new Error('A reference into Vault needs VAULT_ADDR, such as https://vault.example:8200')
  const token = await readGiven('VAULT_TOKEN', env)
  if (token === undefined) throw new Error('A reference into Vault needs VAULT_TOKEN or VAULT_TOKEN_FILE')
  return createVault({
    address,
    token: new Secret(token),
    namespace: env['VAULT_NAMESPACE'] || undefined,
    timeoutMs: Number(env['VAULT_TIMEOUT_MS']) || timeoutMs,
  })
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
