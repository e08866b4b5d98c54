// The gateway as a process of its own, with one echo in the place of every service.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceNames } from '@comptoir/dev/process-list'
import { startStack } from '@comptoir/dev/stack'
import { startEcho, type Echo } from './echo.ts'

export interface LoneEdge {
  readonly url: string
  readonly echo: Echo
  stop(): Promise<void>
}

/** Starts NATS, the echo and the gateway, which has these variables too. */
export const startLoneEdge = async (env: Readonly<Record<string, string>> = {}): Promise<LoneEdge> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'comptoir-wire-'))
  const forget = () => rmSync(dataDir, { recursive: true, force: true })
  const echo = await startEcho()
  const fixed = Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, echo.url]))
  try {
    const stack = await startStack({
      dataDir,
      built: true,
      only: ['gateway'],
      // Nobody here has a database.
      databaseUrl: 'postgres://nobody@127.0.0.1:9',
      // No deadline ends what a test is to see ended by its client.
      env: { gateway: { ...fixed, LOG_LEVEL: 'warn', REQUEST_TIMEOUT_MS: '300000', ...env } },
    })
    const stop = async () => {
      await stack.stop()
      await echo.stop()
      forget()
    }
    return { url: stack.gatewayUrl, echo, stop }
  } catch (error) {
    await echo.stop()
    forget()
    throw error
  }
}
