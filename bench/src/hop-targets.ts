import type { Hop, HopWay } from './sections/hop.ts'
import type { Target } from './target.ts'

const ratios: readonly (readonly [of: HopWay, to: HopWay, wanted: number, what: string])[] = [
  ['trpc', 'proxy', 0.8, 'tRPC through the gateway ÷ bare `fetch` proxy on Bun'],
  ['trpc', 'nginx', 0.7, 'tRPC through the gateway ÷ nginx'],
  ['rest', 'nginx', 0.5, 'REST through the gateway ÷ nginx'],
  ['kept', 'asked', 2, 'product kept at the edge ÷ asked for each time'],
]
const ratioConnections = 32
const addedMs = 0.5

/** Requests a second compared at 32 connections, and what the hop adds to the median where nobody waits for another. */
export const hopTargets = (hop: Hop): Target[] => {
  const find = (way: HopWay, connections: number) =>
    hop.find((cell) => cell.way === way && cell.connections === connections)?.read
  const compared = ratios.flatMap(([of, to, wanted, what]) => {
    const [one, other] = [find(of, ratioConnections), find(to, ratioConnections)]
    if (one === undefined || other === undefined) return []
    const ratio = one.perSecond / other.perSecond
    return [{ what, wanted: `≥ ${wanted}`, got: ratio.toFixed(2), holds: ratio >= wanted }]
  })
  const added = (find('trpc', 1)?.latency.p50 ?? 0) - (find('direct', 1)?.latency.p50 ?? 0)
  const what = 'p50 that the hop over tRPC adds, one connection'
  return [
    ...compared,
    { what, wanted: `< ${addedMs} ms`, got: `${added.toFixed(2)} ms`, holds: added < addedMs },
  ]
}
