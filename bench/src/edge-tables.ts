import type { Offered } from './drivers/offering.ts'
import { sickRatio } from './edge-targets.ts'
import type { Saturation } from './sections/saturation.ts'
import type { SickRun } from './sections/sick.ts'
import { ms, table } from './tables.ts'

export const saturationTable = (run: Saturation): string => {
  const row = (what: string, { sent, good, refused, failed, latency, refusals }: Offered) => {
    const times = [latency.p50, latency.p99, refusals.p50, refusals.p99].map(ms)
    return [what, sent, good, refused, failed, ...times]
  }
  const head = ['of three times as much', 'sent', 'good', 'refused', 'late or failed']
  const rest = ['p50 ms', 'p99 ms', 'refused p50 ms', 'refused p99 ms']
  const most = `The most: ${run.peak.perSecond.toFixed(0)} good answers/s (${run.peak.connections} connections)`
  const then = `offered: ${run.offeredPerSecond} requests/s; good: ${run.goodPerSecond.toFixed(0)}/s.`
  return [
    `${most}; ${then}`,
    table([...head, ...rest], [row('browsing', run.browsing), row('checkout', run.checkout)]),
  ].join('\n\n')
}

const orNever = (time: number | undefined): string => (time === undefined ? 'never' : time.toFixed(0))

export const sickTable = (runs: readonly SickRun[]): string =>
  table(
    [
      'catalogue',
      'others’ p99 ms before',
      'meanwhile',
      'after',
      'ratio',
      'opened after ms',
      'closed after ms',
    ],
    runs.map((run) => [
      run.sickness,
      ms(run.well[0].latency.p99),
      ms(run.sick.latency.p99),
      ms(run.well[1].latency.p99),
      sickRatio(run).toFixed(2),
      orNever(run.openedMs),
      orNever(run.closedMs),
    ]),
  )
