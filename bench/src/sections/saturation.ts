import type { BenchStack } from '../bench-stack.ts'
import { drive } from '../drive.ts'
import type { Kind, Offered, OfferedKinds, Offering } from '../drivers/offering.ts'
import { browsing, checkingOut, enterGuests } from '../edge-visitors.ts'
import { refusalsOf } from '../measure/edge-metrics.ts'
import { startGatewayBeside } from '../start-gateway-beside.ts'

interface Peak {
  readonly connections: number
  readonly perSecond: number
}

export interface Saturation {
  /** Good answers a second where each connection waits for its answer: the most of several runs, one of them afterwards. */
  readonly peak: Peak
  readonly offeredPerSecond: number
  readonly goodPerSecond: number
  readonly browsing: Offered
  readonly checkout: Offered
  /** The share of the refusals that the gateway made within 5 ms, by its own clock. */
  readonly refusedWithin5ms: number
}

const times = 3
const guests = 200
const usefulMs = 1_000
const warmUpSeconds = 2
const connectionsTried = [16, 32, 64] as const
/** One request in fifty is somebody’s who buys. */
const weights = { browsing: 49, checkout: 1 } as const

/** Finds the most that a gateway with its usual limits answers, and then offers three times as much, whatever it says. */
export const measureSaturation = async (stack: BenchStack, seconds: number): Promise<Saturation> => {
  const edge = await startGatewayBeside(stack)
  try {
    const tokens = await enterGuests(edge.gatewayUrl, stack.goods, guests)
    const kinds: Kind[] = [
      { name: 'browsing', weight: weights.browsing, requests: browsing(tokens, stack.goods) },
      { name: 'checkout', weight: weights.checkout, requests: checkingOut(tokens) },
    ]
    const offer = (load: Offering['load']) => {
      const offering: Offering = { url: edge.gatewayUrl, kinds, load, warmUpSeconds, seconds, usefulMs }
      return drive<OfferedKinds>('offer', offering, seconds + 25)
    }
    const runs: Peak[] = []
    const inTurn = async (connections: number): Promise<void> => {
      runs.push({ connections, perSecond: goodOf(await offer({ connections })) / seconds })
    }
    for (const connections of connectionsTried) await inTurn(connections)
    const found = best(runs)
    const offeredPerSecond = Math.ceil(times * found.perSecond)
    const before = await refusalsOf(edge.gatewayUrl)
    const offered = await offer({ perSecond: offeredPerSecond })
    const after = await refusalsOf(edge.gatewayUrl)
    // The machine is never the same: what it can do is measured again.
    await inTurn(found.connections)
    return {
      peak: best(runs),
      offeredPerSecond,
      goodPerSecond: goodOf(offered) / seconds,
      browsing: kindOf(offered, 'browsing'),
      checkout: kindOf(offered, 'checkout'),
      refusedWithin5ms: (after.within5ms - before.within5ms) / Math.max(1, after.all - before.all),
    }
  } finally {
    await edge.stop()
  }
}

const best = (runs: readonly Peak[]): Peak =>
  runs.reduce((most, run) => (run.perSecond > most.perSecond ? run : most))

const goodOf = (offered: OfferedKinds): number =>
  Object.values(offered).reduce((sum, { good }) => sum + good, 0)

const kindOf = (offered: OfferedKinds, name: string): Offered => {
  const found = offered[name]
  if (found === undefined) throw new Error(`The driver has told nothing of ${name}`)
  return found
}
