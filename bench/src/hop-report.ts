import type { Hop, HopWay } from './sections/hop.ts'
import { megabytes, table } from './tables.ts'

const wayNames: Readonly<Record<HopWay, string>> = {
  direct: 'directly',
  nginx: 'nginx, one worker',
  proxy: 'bare `fetch` proxy on Bun',
  trpc: 'gateway, tRPC with a token',
  batch: 'gateway, tRPC, 10 calls of one service',
  split: 'gateway, tRPC, 10 calls of two services',
  rest: 'gateway, REST with a token',
  graphql: 'gateway, GraphQL, 20 products',
  asked: 'gateway, REST, a product asked for each time',
  kept: 'gateway, REST, the product kept at the edge',
}

export const hopTable = (hop: Hop): string =>
  table(
    ['way', 'connections', 'requests/s', 'p50 ms', 'p99 ms', 'processor µs', 'errors', 'MB'],
    hop.map(({ way, connections, read, cost }) => [
      wayNames[way],
      connections,
      read.perSecond.toFixed(0),
      read.latency.p50.toFixed(2),
      read.latency.p99.toFixed(2),
      cost === undefined ? '–' : cost.requestUs.toFixed(0),
      read.errors,
      cost === undefined ? '–' : megabytes(cost.memory),
    ]),
  )
