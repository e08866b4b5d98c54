import { join } from 'node:path'
import { prepareServer } from '@comptoir/nats/instances'
import { keepServer, type KeptServer } from './servers/kept-server.ts'
import { startNats } from './servers/nats.ts'
import { startPostgres } from './servers/postgres.ts'

type Options = {
  databaseUrl?: string | undefined
  natsUrl?: string | undefined
  durable?: boolean
  postgresSettings?: Readonly<Record<string, string>> | undefined
  postgresTemplate?: string | undefined
  backoffScale?: number
}

export type StackServers = {
  databaseUrl: string
  natsUrl: string
  nats: KeptServer | null
  postgres: KeptServer | null
  /** NATS first, then PostgreSQL. Servers of the caller's own are left running. */
  stop(): Promise<void>
}

/** Starts PostgreSQL and NATS side by side, where no server is given, and provisions NATS. */
export async function startServers(
  dataDir: string,
  options: Options,
  onProgress: (message: string) => void,
): Promise<StackServers> {
  const [postgres, nats] = await Promise.allSettled([
    options.databaseUrl ? null : keepPostgres(dataDir, options, onProgress),
    options.natsUrl ? null : keepNats(dataDir, onProgress),
  ])
  const started = [nats, postgres].map((result) => (result.status === 'fulfilled' ? result.value : null))
  const stop = async () => {
    for (const server of started) await server?.stop()
  }
  try {
    for (const result of [postgres, nats]) if (result.status === 'rejected') throw result.reason
    const [keptNats = null, keptPostgres = null] = started
    const natsUrl = keptNats?.url ?? options.natsUrl ?? ''
    const databaseUrl = keptPostgres?.url ?? options.databaseUrl ?? ''
    onProgress('provisioning streams and consumers')
    await prepareServer(natsUrl, {
      forgetInstances: keptNats !== null,
      ...(options.backoffScale === undefined ? {} : { backoffScale: options.backoffScale }),
    })
    return { databaseUrl, natsUrl, nats: keptNats, postgres: keptPostgres, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function keepPostgres(
  dataDir: string,
  { durable = false, postgresSettings: settings, postgresTemplate: template }: Options,
  onProgress: (message: string) => void,
): Promise<KeptServer> {
  onProgress('starting PostgreSQL')
  const start = (port?: number) =>
    startPostgres({ dataDir: join(dataDir, 'postgres'), port, durable, settings, template, onProgress })
  return keepServer('PostgreSQL', start, onProgress)
}

function keepNats(dataDir: string, onProgress: (message: string) => void): Promise<KeptServer> {
  onProgress('starting NATS')
  const start = (port?: number) => startNats({ dataDir: join(dataDir, 'nats'), port, onProgress })
  return keepServer('NATS', start, onProgress)
}
