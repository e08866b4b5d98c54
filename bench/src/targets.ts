import { accessTargets } from './access-report.ts'
import { saturationTargets, sickTargets } from './edge-targets.ts'
import { hopTargets } from './hop-targets.ts'
import type { Results } from './results.ts'
import type { Target } from './target.ts'
import { total } from './tables.ts'

const ordersPerSecond = 60
const detailRatio = 0.25
const listingP99Ms = 25
const idleBytes = 900 * 1_048_576

/** What the shop is to reach, and what it reached in this run; what was not measured is left out. */
export const targetsOf = ({ idle, reads, hop, shoppers, saturation, sick, access }: Results): Target[] => {
  const targets: Target[] = []
  const add = (what: string, holds: boolean, [wanted, got]: readonly [string, string]) =>
    targets.push({ what, holds, wanted, got })
  if (reads !== undefined) {
    const ratio = detailRatioOf(reads)
    const p99 = reads.listing.latency.p99
    add('product detail at the gateway ÷ bare `Bun.serve`', ratio >= detailRatio, [
      '≥ 0.25',
      ratio.toFixed(2),
    ])
    add('listing of 20 products, p99', p99 < listingP99Ms, ['< 25 ms', `${p99.toFixed(1)} ms`])
  }
  if (hop !== undefined) targets.push(...hopTargets(hop))
  for (const run of shoppers) {
    if (run.shoppers === 16) {
      const { placedPerSecond } = run
      const got = `${placedPerSecond.toFixed(1)} /s`
      add('orders placed, 16 shoppers', placedPerSecond >= ordersPerSecond, ['≥ 60 /s', got])
    }
    const failed = total(Object.values(run.shopped.errors)) + run.unconfirmed
    const what = `${run.shoppers} shoppers: steps refused or unanswered, paid orders never confirmed`
    add(what, failed === 0, ['0', String(failed)])
  }
  if (saturation !== undefined) targets.push(...saturationTargets(saturation))
  if (sick !== undefined) targets.push(...sickTargets(sick))
  if (access !== undefined) targets.push(...accessTargets(access))
  if (idle !== undefined) {
    const bytes = total(idle.values())
    const got = `${(bytes / 1_048_576).toFixed(0)} MB`
    add('whole stack idle, proportional set size', bytes < idleBytes, ['< 900 MB', got])
  }
  return targets
}

/** Against the mean of the bare server's two runs. */
const detailRatioOf = ({ bare, detail }: NonNullable<Results['reads']>): number =>
  detail.perSecond / (total(bare.map((read) => read.perSecond)) / bare.length)
