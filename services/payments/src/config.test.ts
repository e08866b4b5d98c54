import { expect, test } from 'bun:test'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from './config.ts'

const needed = {
  DATABASE_URL: 'postgres://127.0.0.1/postgres',
  NATS_URL: 'nats://127.0.0.1:4222',
  STRIPE_SECRET_KEY: 'sk_test_canary',
  STRIPE_PUBLISHABLE_KEY: 'pk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_canary',
}

test('talks to Stripe itself unless told otherwise, and settles within two minutes', () => {
  const config = readConfig(Config, needed)
  expect(config.STRIPE_API_BASE).toBe('https://api.stripe.com')
  expect(config.RECONCILE_SECONDS * 2).toBeLessThanOrEqual(120)
})

test('prints no secret', () => {
  expect(Bun.inspect(readConfig(Config, needed)) + JSON.stringify(readConfig(Config, needed))).not.toContain(
    'canary',
  )
})

test('names what is missing', () => {
  expect(() => readConfig(Config, { ...needed, STRIPE_SECRET_KEY: undefined })).toThrow('STRIPE_SECRET_KEY')
})
