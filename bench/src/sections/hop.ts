import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceNames } from '@comptoir/dev/process-list'
import { nginxProgram } from '@comptoir/dev/servers/nginx-program'
import { freePort } from '@comptoir/dev/servers/ports'
import { startStack, type Stack } from '@comptoir/dev/stack'
import { drive, serveBeside } from '../drive.ts'
import type { HopService } from '../drivers/hop-service.ts'
import type { Read, Reading } from '../drivers/reading.ts'
import { hopListing, hopPaths } from '../hop-paths.ts'
import { hopToken } from '../hop-token.ts'
import { cpuOfProcess, memoryOfProcess } from '../measure/processes.ts'
import { startNginx } from '../start-nginx.ts'

/**
 * The ways to one and the same answer, and what asks for more of them at once: `batch` ten calls of one service, `split`
 * of two, `graphql` a page of products. `kept` is a public read that the gateway tells again, `asked` the same each time.
 */
const hopWays = [
  'direct',
  'nginx',
  'proxy',
  'trpc',
  'batch',
  'split',
  'rest',
  'graphql',
  'asked',
  'kept',
] as const
export type HopWay = (typeof hopWays)[number]
const hopConnections = [1, 32, 256] as const

interface HopCell {
  readonly way: HopWay
  readonly connections: number
  readonly read: Read
  /** Of what stands between the driver and the service; undefined where nothing does. */
  readonly cost: HopCost | undefined
}

interface HopCost {
  /** Microseconds of processor time, over all its threads. */
  readonly requestUs: number
  /** In bytes, after the run. */
  readonly memory: number
}

export type Hop = readonly HopCell[]

interface Route {
  readonly url: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly pid?: number | undefined
}

const warmUpSeconds = 1
const answerBytes = 2_048

/** What the hop through the gateway costs, beside other ways over the same connections. Without nginx it is left out. */
export const measureHop = async (
  stack: Stack,
  seconds: number,
  onProgress: (message: string) => void,
): Promise<Hop> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-hop-'))
  await using things = new AsyncDisposableStack()
  things.defer(() => rmSync(folder, { recursive: true, force: true }))
  const routes = await startRoutes({ stack, folder, things, onProgress })
  const cells: HopCell[] = []
  for (const connections of hopConnections) {
    for (const way of hopWays) {
      const route = routes[way]
      if (route === undefined) continue
      const { url, path, headers = {}, pid } = route
      const reading: Reading = { url, paths: [path], headers, connections, seconds, warmUpSeconds }
      const cpuBefore = pid === undefined ? 0 : cpuOfProcess(pid)
      const read = await drive<Read>('reads', reading, seconds + 20)
      cells.push({ way, connections, read, cost: costOf(pid, read, cpuBefore) })
    }
  }
  return cells
}

const costOf = (pid: number | undefined, { requests }: Read, cpuBefore: number): HopCost | undefined =>
  pid === undefined
    ? undefined
    : {
        requestUs: ((cpuOfProcess(pid) - cpuBefore) * 1_000_000) / requests,
        memory: memoryOfProcess(pid),
      }

interface Starting {
  readonly stack: Stack
  readonly folder: string
  readonly things: AsyncDisposableStack
  readonly onProgress: (message: string) => void
}

const startRoutes = async (starting: Starting): Promise<Partial<Record<HopWay, Route>>> => {
  const { folder, things, onProgress } = starting
  const { token, keys } = await hopToken()
  const headers = { authorization: `Bearer ${token}` }
  const [upstreamPort, nginxPort, proxyPort] = await Promise.all([freePort(), freePort(), freePort()])
  const upstream = `http://127.0.0.1:${upstreamPort}`
  const answer = { id: crypto.randomUUID(), text: 'x'.repeat(answerBytes) }
  const service = await serveBeside('hop-service', {
    answer,
    listing: hopListing,
    keys,
    port: upstreamPort,
  } satisfies HopService)
  things.defer(() => service.stop())
  const proxy = await serveBeside('proxy', { target: upstream, port: proxyPort })
  things.defer(() => proxy.stop())
  const gateway = await startGateway(starting, upstream)
  const path = hopPaths.call
  const routes: Partial<Record<HopWay, Route>> = {
    direct: { url: upstream, path, headers },
    proxy: { url: `http://127.0.0.1:${proxyPort}`, path, headers, pid: proxy.pid },
    trpc: { ...gateway, path, headers },
    batch: { ...gateway, path: hopPaths.batch, headers },
    split: { ...gateway, path: hopPaths.split, headers },
    rest: { ...gateway, path: hopPaths.rest, headers },
    graphql: { ...gateway, path: hopPaths.graphql, headers },
    asked: { ...gateway, path: hopPaths.product, headers },
    kept: { ...gateway, path: hopPaths.product },
  }
  const program = await nginxProgram(onProgress)
  if (program === null) return routes
  const nginx = await startNginx({ program, folder: join(folder, 'nginx'), port: nginxPort, upstreamPort })
  things.defer(() => nginx.stop())
  return { ...routes, nginx: { url: `http://127.0.0.1:${nginxPort}`, path, headers, pid: nginx.pid } }
}

/** A gateway of its own beside the shop's, with the one service in the place of every other. */
const startGateway = async ({ stack, folder, things }: Starting, upstream: string) => {
  const fixed = Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, upstream]))
  const { natsUrl, databaseUrl } = stack
  const lone = await startStack({
    dataDir: join(folder, 'gateway'),
    built: true,
    only: ['gateway'],
    natsUrl,
    databaseUrl,
    // What the gateway traces is recorded and sent: the service takes that as it takes everything.
    env: { gateway: { ...fixed, OTEL_EXPORTER_OTLP_ENDPOINT: upstream } },
  })
  things.defer(() => lone.stop())
  return { url: lone.gatewayUrl, pid: lone.processes.get('gateway').pid() }
}
