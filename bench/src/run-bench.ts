import { buildPrograms } from '@comptoir/dev/build/build-programs'
import postgres from 'postgres'
import { type BenchStack, startBenchStack } from './bench-stack.ts'
import { factsOf } from './machine.ts'
import { prepareStatements } from './measure/statements.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { writeReadme, writeSection } from './readme.ts'
import { hopReportOf, reportOf } from './report.ts'
import type { Results } from './results.ts'
import { measureAccess } from './sections/access.ts'
import { measureIdle } from './sections/memory.ts'
import { measureHop } from './sections/hop.ts'
import { measureReads } from './sections/reads.ts'
import { measureSaturation } from './sections/saturation.ts'
import { measureSick } from './sections/sick.ts'
import { measureShoppers, warmUp } from './sections/shoppers.ts'
import { measureStatements } from './sections/statements.ts'
import { targetsOf } from './targets.ts'

const limitMs = 12 * 60_000

/** Runs the bench on what production runs. Answers the exit code: 0 when every target held, 1 when one was missed, 2 for a wrong command line. */
export const runBench = async (args: readonly string[]): Promise<number> => {
  const options = optionsOr(args)
  if (options === undefined) return 2
  // Whatever hangs, nobody waits for it longer than this; leaving kills what was started.
  setTimeout(() => {
    console.error('The bench took longer than twelve minutes')
    process.exit(1)
  }, limitMs).unref()
  await buildPrograms()
  const stack = await startBenchStack(options, say)
  try {
    const { results, facts } = await measure(stack, options)
    const report = reportOf(results, facts)
    console.log(`\n${report}`)
    if (options.write === 'all') await writeReadme(report)
    if (options.write === 'hop') await writeSection('The hop', hopReportOf(results, facts))
    return targetsOf(results).every((target) => target.holds) ? 0 : 1
  } finally {
    await stack.stop()
  }
}

const optionsOr = (args: readonly string[]): BenchOptions | undefined => {
  try {
    return readOptions(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return undefined
  }
}

const say = (message: string): void => console.log(`· ${message}`)

const measure = async (stack: BenchStack, options: BenchOptions) => {
  const connect = (database: string) =>
    postgres(new URL(`/${database}`, stack.databaseUrl).href, {
      max: 1,
      fetch_types: false,
      onnotice: () => {},
    })
  const [server, orders] = [connect('postgres'), connect('comptoir_orders')]
  const results: Results = { shoppers: [] }
  const wants = (section: (typeof options.only)[number]) => options.only.includes(section)
  try {
    const facts = await factsOf(server, options)
    await prepareStatements(server)
    if (wants('memory')) {
      say('idle')
      results.idle = await measureIdle(stack)
    }
    if (wants('reads')) {
      say('reads')
      results.reads = await measureReads(stack, options.readSeconds)
    }
    if (wants('hop')) {
      say('the hop')
      results.hop = await measureHop(stack, options.hopSeconds, say)
    }
    if (wants('statements')) {
      say('statements and calls of each step')
      results.costs = await measureStatements(stack, server)
    }
    await measureEdge(stack, options, results)
    if (wants('shoppers')) {
      say('warming up')
      await warmUp(stack)
    }
    for (const shoppers of wants('shoppers') ? options.shoppers : []) {
      say(`${shoppers} shoppers for ${options.seconds} s`)
      results.shoppers.push(await measureShoppers(stack, orders, { shoppers, seconds: options.seconds }))
    }
    return { results, facts }
  } finally {
    await Promise.all([server.end(), orders.end()])
  }
}

/** How the edge bends, under too much load and before a sick service; and what it costs to know who asks. */
const measureEdge = async (stack: BenchStack, options: BenchOptions, results: Results): Promise<void> => {
  if (options.only.includes('saturation')) {
    say('three times saturation')
    results.saturation = await measureSaturation(stack, options.edgeSeconds)
  }
  if (options.only.includes('sick')) {
    say('a sick service')
    results.sick = await measureSick(stack, options.edgeSeconds)
  }
  if (options.only.includes('access')) {
    say('who may do what')
    results.access = await measureAccess(stack, { seconds: options.edgeSeconds, tries: 1_000 })
  }
}
