import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDevConfig } from './dev-config.ts'
import { processSpecs } from './process-list.ts'
import { loadSecrets } from './secrets.ts'

test('has a safe default for every variable, and takes an empty one for absent', () => {
  const config = readDevConfig({ PORT: '', NATS_URL: '' })
  expect(config).toMatchObject({ PORT: 8080, SANDBOX_PORT: 8090 })
  expect(config.COMPTOIR_DATA).toEndWith('/.comptoir')
})

test('names every bad variable', () => {
  expect(() => readDevConfig({ PORT: '70000', DATABASE_URL: 'mysql://x' })).toThrow(
    /PORT: [^]*DATABASE_URL: /,
  )
})

test('keeps the secrets it made, for their owner alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-secrets-'))
  try {
    const made = loadSecrets(folder)
    expect(loadSecrets(folder)).toEqual(made)
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('gives each process only the secrets it needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-secrets-'))
  try {
    const secrets = loadSecrets(folder)
    const addresses = {
      natsUrl: 'nats://127.0.0.1:4222',
      databaseUrl: 'postgres://postgres:pw@127.0.0.1:5432/postgres',
      gatewayUrl: 'http://127.0.0.1:8080',
      sandboxUrl: 'http://127.0.0.1:8090',
      dataDir: folder,
    }
    const holders = (value: string) =>
      processSpecs(addresses, secrets)
        .filter((spec) => Object.values(spec.env).includes(value))
        .map((spec) => spec.name)
    expect(holders(secrets.adminPassword)).toEqual(['identity'])
    expect(holders(secrets.stripeSecretKey)).toEqual(['sandbox', 'payments'])
    expect(holders(secrets.carrierWebhookSecret)).toEqual(['sandbox', 'delivery'])
    expect(holders(secrets.twilioAuthToken)).toEqual(['sandbox', 'notifications'])
    expect(holders(addresses.databaseUrl)).not.toContain('gateway')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
