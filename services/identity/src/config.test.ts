import { expect, test } from 'bun:test'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from './config.ts'

const servers = { DATABASE_URL: 'postgres://elsewhere/postgres', NATS_URL: 'nats://elsewhere' }

test('production does not start without the secret that seals keys, whatever else is set', () => {
  const given = { ...servers, NODE_ENV: 'production' }
  expect(() => readConfig(Config, given)).toThrow('KEY_ENCRYPTION_SECRET')
  expect(() => readConfig(Config, { ...given, KEY_ENCRYPTION_SECRET: '' })).toThrow('KEY_ENCRYPTION_SECRET')
  expect(readConfig(Config, { ...given, KEY_ENCRYPTION_SECRET: 'x'.repeat(32) }).NODE_ENV).toBe('production')
})

test('a secret that can be guessed is refused, and not repeated', () => {
  const reading = () => readConfig(Config, { ...servers, KEY_ENCRYPTION_SECRET: 'hunter2' })
  expect(reading).toThrow('KEY_ENCRYPTION_SECRET')
  expect(reading).not.toThrow('hunter2')
  expect(
    JSON.stringify(readConfig(Config, { ...servers, KEY_ENCRYPTION_SECRET: 'x'.repeat(32) })),
  ).not.toContain('xx')
})

test('providers of sign-ins are refused by name, without a word of their secrets', () => {
  const good = {
    id: 'google',
    issuer: 'https://accounts.google.com',
    clientId: 'shop',
    clientSecret: 'hunter2',
  }
  const read = (setting: string) => readConfig(Config, { ...servers, OIDC_PROVIDERS: setting })
  const refused = [
    [{ ...good, issuer: 'http://accounts.google.com' }],
    [{ ...good, issuer: 'https://accounts.google.com/?a=hunter2' }],
    [{ ...good, issuer: 'hunter2' }],
    [{ ...good, id: 'Google!' }],
    [{ ...good, scopes: 'email' }],
    [{ ...good, clientSecret: '' }],
    [{ ...good, clientSecrets: 'hunter2' }],
    [good, good],
    good,
  ]
  for (const setting of [...refused.map((one) => JSON.stringify(one)), '[{"clientSecret":"hunter2"']) {
    expect(() => read(setting)).toThrow('OIDC_PROVIDERS')
    expect(() => read(setting)).not.toThrow('hunter2')
  }
  const loopback = { ...good, id: 'local', issuer: 'http://127.0.0.1:9000' }
  const { OIDC_PROVIDERS: providers } = read(JSON.stringify([good, loopback]))
  expect(providers.map(({ id, scopes }) => [id, scopes])).toEqual([
    ['google', 'openid email profile'],
    ['local', 'openid email profile'],
  ])
  expect(JSON.stringify(providers)).not.toContain('hunter2')
})
