import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stripe } from 'stripe'
import type { Clock } from '../src/clock.ts'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from '../src/config.ts'
import { startSandbox } from '../src/start-sandbox.ts'

export type UnderTest = {
  config: Config
  url: string
  stripe: Stripe
  post: (path: string, body?: unknown, method?: string) => Promise<Response>
  ledger: (name: string) => Promise<Record<string, Record<string, unknown>[]>>
  stop: () => Promise<void>
}

export const stripeAt = (
  url: string,
  config: Config,
  options: { maxNetworkRetries?: number } = {},
): Stripe => {
  const { hostname, port } = new URL(url)
  return new Stripe(config.STRIPE_SECRET_KEY, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...options,
  })
}

export const startUnderTest = (settings: Record<string, string> = {}, clock?: Clock): UnderTest => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const config = readConfig(Config, { SANDBOX_PORT: '0', SANDBOX_DATA: folder, ...settings })
  const sandbox = startSandbox(config, clock)
  return {
    config,
    url: sandbox.url,
    stripe: stripeAt(sandbox.url, config),
    post: (path, body = {}, method = 'POST') =>
      fetch(sandbox.url + path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    ledger: async (name) => (await fetch(`${sandbox.url}/sandbox/ledger/${name}`)).json(),
    stop: async () => {
      await sandbox.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
