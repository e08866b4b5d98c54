import type { Saturation } from './sections/saturation.ts'
import { closedMaxMs, type SickRun } from './sections/sick.ts'
import type { Target } from './target.ts'

const goodput = 0.85
const refusedInTime = 0.99
const checkoutAdmitted = 0.99
const ratioMax = 1.2
const probesMax = 0.2

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Under three times as much as the shop can do. */
export const saturationTargets = (run: Saturation): Target[] => {
  const share = run.goodPerSecond / run.peak.perSecond
  const admitted = run.checkout.good / Math.max(1, run.checkout.sent)
  return [
    {
      what: 'three times saturation: good answers ÷ the most there can be',
      wanted: `≥ ${goodput}`,
      got: share.toFixed(2),
      holds: share >= goodput,
    },
    {
      what: 'three times saturation: refusals made within 5 ms',
      wanted: `≥ ${percent(refusedInTime)}`,
      got: percent(run.refusedWithin5ms),
      holds: run.refusedWithin5ms >= refusedInTime,
    },
    {
      what: 'three times saturation: checkouts answered in time',
      wanted: `≥ ${percent(checkoutAdmitted)}`,
      got: percent(admitted),
      holds: admitted >= checkoutAdmitted,
    },
  ]
}

/** The 99th percentile of what needs no sick service, against the mean of before and after. */
export const sickRatio = ({ well: [before, after], sick }: SickRun): number =>
  sick.latency.p99 / ((before.latency.p99 + after.latency.p99) / 2)

export const sickTargets = (runs: readonly SickRun[]): Target[] =>
  runs.flatMap((run) => {
    const ratio = sickRatio(run)
    const bends = run.openedMs !== undefined && run.closedMs !== undefined
    const probes = run.probesPerSecond ?? 0
    return [
      {
        what: `catalogue ${run.sickness}: p99 of the others ÷ while it is well`,
        wanted: `≤ ${ratioMax}`,
        got: ratio.toFixed(2),
        holds: ratio <= ratioMax && run.sick.failed + run.sick.refused === 0,
      },
      {
        what: `catalogue ${run.sickness}: given up, tried by one call in 5 s, trusted again within ${closedMaxMs / 1_000} s`,
        wanted: 'yes',
        got: bends && probes <= probesMax ? 'yes' : 'no',
        holds: bends && probes <= probesMax,
      },
    ]
  })
