import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { KitConfig } from './config.ts'
import { loadConfig } from './load-config.ts'
import { resolveSecrets } from './resolve-secrets.ts'
import { reveal, SecretString } from './secret.ts'

const token = 'hvs.token-canary'
const canary = 'sk_live_canary'
/** What the stand-in was asked, and what it does instead of answering well. */
const asked: { path: string; namespace: string | null }[] = []
let mood: 'well' | 'sealed' | 'silent' | 'moved' | 'nonsense' = 'well'

/** Answers as Vault does: 403 without its token, 404 for what is not there or was deleted. */
const vault = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => {
    const { pathname } = new URL(request.url)
    asked.push({ path: pathname, namespace: request.headers.get('x-vault-namespace') })
    if (mood === 'silent') return new Promise(() => undefined)
    if (mood === 'sealed') return Response.json({ errors: ['Vault is sealed'] }, { status: 503 })
    if (mood === 'moved') return Response.redirect('http://127.0.0.1:1/', 307)
    if (mood === 'nonsense') return new Response(`<p>${canary}`)
    if (request.headers.get('x-vault-token') !== token)
      return Response.json({ errors: ['permission denied'] }, { status: 403 })
    if (pathname !== '/v1/secret/data/shop/stripe%20live')
      return Response.json({ data: { data: null, metadata: { deletion_time: 'now' } } }, { status: 404 })
    const data = { key: canary, webhook: 'whsec_canary', port: 80, empty: '' }
    return Response.json({ request_id: '1', data: { data, metadata: { version: 3 } } })
  },
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comptoir-secrets-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await vault.stop(true)
})
beforeEach(() => {
  asked.length = 0
  mood = 'well'
})

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const inVault = () => ({ VAULT_ADDR: vault.url.origin, VAULT_TOKEN: token })
const reference = 'vault://secret/shop/stripe live#key'
const failing = async (env: Record<string, string>, names = ['API_KEY']): Promise<string> => {
  const error = await resolveSecrets(names, env).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Error)
  const told = Bun.inspect(error) + Bun.inspect((error as Error).cause)
  for (const hidden of ['canary', 'shop', 'stripe']) expect(told).not.toContain(hidden)
  return (error as Error).message
}

describe('a secret', () => {
  test('is its value where it is given as one', async () => {
    expect(await resolveSecrets(['API_KEY'], { API_KEY: 'plain' })).toEqual({ API_KEY: 'plain' })
    expect(asked).toEqual([])
  })

  test('is the content of a file, without the line break at its end', async () => {
    const env = { API_KEY: '', API_KEY_FILE: file('key', ' two\nlines \n') }
    expect((await resolveSecrets(['API_KEY'], env))['API_KEY']).toBe(' two\nlines ')
  })

  test('is a field in Vault, which is asked once for each path', async () => {
    const env = { ...inVault(), API_KEY: reference, HOOK: 'vault://secret/shop/stripe live#webhook' }
    expect(await resolveSecrets(['API_KEY', 'HOOK', 'NONE'], env)).toEqual({
      ...env,
      API_KEY: canary,
      HOOK: 'whsec_canary',
    })
    expect(asked).toEqual([{ path: '/v1/secret/data/shop/stripe%20live', namespace: null }])
  })

  test('is read with a token from a file, in a namespace', async () => {
    const env = {
      VAULT_ADDR: `${vault.url.origin}/`,
      VAULT_TOKEN_FILE: file('token', `${token}\n`),
      VAULT_NAMESPACE: 'shop-ns',
      API_KEY: reference,
    }
    expect((await resolveSecrets(['API_KEY'], env))['API_KEY']).toBe(canary)
    expect(asked[0]?.namespace).toBe('shop-ns')
  })

  test('that nobody asked for is left alone', async () => {
    const env = { OTHER: reference, SSL_CERT_FILE: '/nowhere' }
    expect(await resolveSecrets(['API_KEY'], env)).toEqual(env)
  })
})

describe('an error names the variable and no value, reference or content', () => {
  test('given twice', async () => {
    const env = { API_KEY: canary, API_KEY_FILE: file('both', 'canary') }
    expect(await failing(env)).toContain('API_KEY: Expected either API_KEY or API_KEY_FILE, not both')
  })

  test('a file that is missing or empty', async () => {
    expect(await failing({ API_KEY_FILE: join(folder, 'stripe') })).toContain(
      'API_KEY: The file of API_KEY_FILE cannot be read (ENOENT)',
    )
    expect(await failing({ API_KEY_FILE: file('void', '\n') })).toContain('API_KEY_FILE is empty')
  })

  test.each([
    ['a reference that is none', { API_KEY: 'vault://canary' }, 'Expected vault://mount/path#field'],
    ['a path that climbs', { API_KEY: 'vault://secret/../sys#canary' }, 'Expected vault://mount/path#field'],
    ['a path that is not there', { API_KEY: 'vault://secret/shop/paypal#key' }, 'Vault has no such secret'],
    ['a field that is not there', { API_KEY: 'vault://secret/shop/stripe live#toString' }, 'no text'],
    ['a field that is a number', { API_KEY: 'vault://secret/shop/stripe live#port' }, 'no text'],
    ['an empty field', { API_KEY: 'vault://secret/shop/stripe live#empty' }, 'no text'],
    [
      'a token that Vault refuses',
      { API_KEY: reference, VAULT_TOKEN: 'stolen-canary' },
      'Vault answered 403',
    ],
    ['no token', { API_KEY: reference, VAULT_TOKEN: '' }, 'needs VAULT_TOKEN or VAULT_TOKEN_FILE'],
    ['no address', { API_KEY: reference, VAULT_ADDR: '' }, 'needs VAULT_ADDR'],
    ['an address that is none', { API_KEY: reference, VAULT_ADDR: 'canary' }, 'needs VAULT_ADDR'],
    ['nobody there', { API_KEY: reference, VAULT_ADDR: 'http://127.0.0.1:1' }, 'Vault cannot be reached'],
  ])('%s', async (_, env, expected) => {
    const message = await failing({ ...inVault(), ...env })
    expect(message).toContain('  API_KEY: ')
    expect(message).toContain(expected)
  })

  test.each([
    ['sealed', 'Vault answered 503'],
    ['moved', 'Vault answered 307'],
    ['nonsense', 'Vault did not answer as its KV engine'],
    ['silent', 'Vault did not answer within 50 ms'],
  ] as const)('a Vault that is %s', async (how, expected) => {
    mood = how
    const env = { ...inVault(), VAULT_TIMEOUT_MS: '50', API_KEY: reference }
    expect(await failing(env)).toContain(`API_KEY: ${expected}`)
  })

  test('every bad one at once', async () => {
    const env = { API_KEY_FILE: join(folder, 'one'), HOOK: reference }
    expect(await failing(env, ['API_KEY', 'HOOK'])).toMatch(/API_KEY: [^]*HOOK: /)
  })
})

test('every field of a configuration may be a reference or a file, and the secrets among them print nothing', async () => {
  const Config = KitConfig.extend({ API_KEY: SecretString, OPTIONAL_KEY: SecretString.optional() })
  const config: z.output<typeof Config> = await loadConfig(Config, {
    ...inVault(),
    DATABASE_URL_FILE: file('database', 'postgres://shop:pw@db/postgres\n'),
    NATS_URL_FILE: file('nats', 'nats://user:pw@nats:4222'),
    API_KEY: reference,
    OPTIONAL_KEY_FILE: file('optional', 'canary-2'),
  })
  expect(reveal(config.DATABASE_URL)).toBe('postgres://shop:pw@db/postgres')
  expect(reveal(config.NATS_URL)).toBe('nats://user:pw@nats:4222')
  expect(Bun.inspect(config) + JSON.stringify(config)).not.toContain('pw@')
  expect([config.API_KEY, config.OPTIONAL_KEY].map((secret) => secret && reveal(secret))).toEqual([
    canary,
    'canary-2',
  ])
  expect(Bun.inspect(config) + JSON.stringify(config)).not.toContain('canary')
})
