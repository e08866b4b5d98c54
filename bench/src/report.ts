import { accessTable } from './access-report.ts'
import type { Results } from './results.ts'
import { saturationTable, sickTable } from './edge-tables.ts'
import { hopTable } from './hop-report.ts'
import { hopTargets } from './hop-targets.ts'
import { type Read } from './drivers/reading.ts'
import { steps } from './drivers/shopping.ts'
import { listingConnections, readConnections, type Reads } from './sections/reads.ts'
import type { Shoppers } from './sections/shoppers.ts'
import type { StepCost } from './sections/statements.ts'
import { megabytes, ms, table, total } from './tables.ts'
import type { Target } from './target.ts'
import { targetsOf } from './targets.ts'

/** The results as Markdown, ratios and targets first. */
export const reportOf = (results: Results, facts: readonly string[]): string => {
  const { idle, reads, hop, shoppers, costs, saturation, sick, access } = results
  const targets = targetsOf(results)
  return [
    listed(facts),
    section('Targets', targets.length > 0 && targetTable(targets)),
    section('Shoppers', shoppers.length > 0 && shopperTable(shoppers)),
    section('Milliseconds per step: p50 / p95 / p99', shoppers.length > 0 && stepTable(shoppers)),
    section('Reads', reads !== undefined && readTable(reads)),
    section('The hop', hop !== undefined && hopTable(hop)),
    section('Three times saturation', saturation !== undefined && saturationTable(saturation)),
    section('A sick service', sick !== undefined && sickTable(sick)),
    section('Who may do what', access !== undefined && accessTable(access)),
    section('What one step costs', costs !== undefined && costTable(costs)),
    section('Processor milliseconds per order', shoppers.length > 0 && cpuTable(shoppers)),
    section('Memory in MB (proportional set size)', idle !== undefined && memoryTable(idle, shoppers)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The hop by itself, with the facts of its run. */
export const hopReportOf = ({ hop = [] }: Results, facts: readonly string[]): string =>
  `${listed(facts)}\n\n${targetTable(hopTargets(hop))}\n\n${hopTable(hop)}`

const listed = (facts: readonly string[]): string => facts.map((fact) => `- ${fact}`).join('\n')

const section = (title: string, body: string | false): string =>
  body === false ? '' : `### ${title}\n\n${body}`

const targetTable = (targets: readonly Target[]): string =>
  table(
    ['target', 'wanted', 'got', ''],
    targets.map(({ what, wanted, got, holds }) => [what, wanted, got, holds ? 'holds' : '**missed**']),
  )

const shopperTable = (runs: readonly Shoppers[]): string =>
  table(
    [
      'shoppers',
      'orders/s placed',
      'orders/s confirmed',
      'last one confirmed after',
      'never confirmed',
      'errors',
    ],
    runs.map((run) => [
      run.shoppers,
      run.placedPerSecond.toFixed(1),
      run.confirmedPerSecond.toFixed(1),
      `${ms(run.tailMs)} ms`,
      run.unconfirmed,
      errorsOf(run),
    ]),
  )

const errorsOf = ({ shopped }: Shoppers): string =>
  Object.entries(shopped.errors)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ') || '0'

const stepTable = (runs: readonly Shoppers[]): string => {
  const cells = ({ p50, p95, p99 }: Read['latency']) => `${ms(p50)} / ${ms(p95)} / ${ms(p99)}`
  return table(
    ['step', ...runs.map((run) => `${run.shoppers} at once`)],
    [
      ...steps.map((step) => [step, ...runs.map((run) => cells(run.shopped.steps[step]))]),
      ['whole purchase', ...runs.map((run) => cells(run.shopped.journey))],
    ],
  )
}

const readTable = ({ bare, detail, uncached, listing, answerBytes }: Reads): string => {
  const row = (what: string, connections: number, read: Read) => [
    what,
    connections,
    read.perSecond.toFixed(0),
    ms(read.latency.p50),
    ms(read.latency.p99),
    read.errors,
  ]
  return table(
    ['what', 'connections', 'requests/s', 'p50 ms', 'p99 ms', 'errors'],
    [
      ...bare.map((read, index) =>
        row(
          `bare \`Bun.serve\`, ${answerBytes} bytes, ${index === 0 ? 'before' : 'after'}`,
          readConnections,
          read,
        ),
      ),
      row('product detail, REST', readConnections, detail),
      row('product detail, tRPC, nothing kept at the edge', readConnections, uncached),
      row('20 products, REST', listingConnections, listing),
    ],
  )
}

const costTable = (costs: readonly StepCost[]): string => {
  const named = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, count]) => `${name} ${Number(count.toFixed(1))}`).join(', ')
  const rows = costs.map(({ step, statements, calls }) => [
    step,
    total(statements.values()).toFixed(1),
    named(statements) || '–',
    total(calls.values()).toFixed(1),
    named(calls) || '–',
  ])
  const sum = (pick: (cost: StepCost) => ReadonlyMap<string, number>) =>
    total(costs.map((cost) => total(pick(cost).values()))).toFixed(1)
  return table(
    ['step', 'SQL statements', 'by service', 'calls', 'of procedures'],
    [...rows, ['all', sum((cost) => cost.statements), '', sum((cost) => cost.calls), '']],
  )
}

const cpuTable = (runs: readonly Shoppers[]): string => {
  const names = [...(runs[0]?.cpuPerOrder.keys() ?? [])]
  return table(
    ['process', ...runs.map((run) => `${run.shoppers} at once`)],
    [
      ...names.map((name) => [name, ...runs.map((run) => (run.cpuPerOrder.get(name) ?? 0).toFixed(2))]),
      ['all', ...runs.map((run) => total(run.cpuPerOrder.values()).toFixed(2))],
    ],
  )
}

const memoryTable = (idle: ReadonlyMap<string, number>, runs: readonly Shoppers[]): string =>
  table(
    ['process', 'idle', ...runs.map((run) => `after ${run.shoppers} at once`)],
    [
      ...[...idle].map(([name, bytes]) => [
        name,
        megabytes(bytes),
        ...runs.map((run) => megabytes(run.memory.get(name) ?? 0)),
      ]),
      ['all', megabytes(total(idle.values())), ...runs.map((run) => megabytes(total(run.memory.values())))],
    ],
  )
