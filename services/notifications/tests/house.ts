import type { Occurrence } from '@comptoir/contracts/event'
import { type FakeClients, startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

export interface Row {
  readonly id: string
  readonly channel: string
  readonly template: string
  readonly state: string
  readonly attempts: number
  readonly provider_id: string | null
  readonly last_error: string | null
}

/** The service on real servers, with the stand-ins of Resend and Twilio beside it. */
export const openHouse = async (clients: FakeClients = {}) => {
  const sandbox: Sandbox = await startSandbox()
  const service = await startTestService(app(testConfig(sandbox.url)), { clients })
  const rowsTo = (...recipients: string[]): Promise<Row[]> =>
    service.sql<Row[]>`select id, channel, template, state, attempts, provider_id, last_error
      from messages where recipient in ${service.sql(recipients)} order by id`
  return {
    sandbox,
    service,
    rowsTo,
    /** The messages to somebody, once there are as many and nothing more is tried with any. */
    settled: (count: number, ...recipients: string[]): Promise<Row[]> =>
      eventually(async () => {
        const rows = await rowsTo(...recipients)
        const done = rows.every(({ state }) => state === 'sent' || state === 'failed')
        return rows.length === count && done ? rows : undefined
      }),
    publishAll: async (...occurrences: Occurrence[]): Promise<void> => {
      for (const occurrence of occurrences) await service.publish(occurrence)
    },
    close: async (): Promise<void> => {
      await service.stop()
      await sandbox.stop()
    },
  }
}
export type House = Awaited<ReturnType<typeof openHouse>>

/** The credentials the sandbox takes, and hardly any pause between tries. */
const testConfig = (sandboxUrl: string): Config =>
  Config.parse({
    DATABASE_URL: 'postgres://elsewhere',
    NATS_URL: 'nats://elsewhere',
    MAIL_FROM: 'Comptoir <shop@example.org>',
    RESEND_API_KEY: 're_sandbox',
    RESEND_BASE_URL: `${sandboxUrl}/resend`,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'twilio_sandbox',
    TWILIO_API_BASE: `${sandboxUrl}/twilio`,
    TWILIO_FROM: '+15005550006',
    BACKOFF_SCALE: '0.00001',
  })

/** Waits until `look` finds something; nobody tells when a message is sent, so it is asked for. */
export const eventually = async <T>(look: () => Promise<T | undefined>, patienceMs = 15_000): Promise<T> => {
  for (const until = performance.now() + patienceMs; performance.now() < until; await Bun.sleep(25)) {
    const found = await look()
    if (found !== undefined) return found
  }
  throw new Error(`Nothing was found in ${patienceMs} ms`)
}
