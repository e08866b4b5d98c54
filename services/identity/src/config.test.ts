import { expect, test } from 'bun:test'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from './config.ts'

const servers = { DATABASE_URL: 'postgres://elsewhere/postgres', NATS_URL: 'nats://elsewhere' }

test('a secret that can be guessed is refused, and not repeated', () => {
  const reading = () => readConfig(Config, { ...servers, KEY_ENCRYPTION_SECRET: 'hunter2' })
  expect(reading).toThrow('KEY_ENCRYPTION_SECRET')
  expect(reading).not.toThrow('hunter2')
  expect(
    JSON.stringify(readConfig(Config, { ...servers, KEY_ENCRYPTION_SECRET: 'x'.repeat(32) })),
  ).not.toContain('xx')
})
