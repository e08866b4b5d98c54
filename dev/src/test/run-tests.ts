// All tests on real servers: starts PostgreSQL, finds nats-server, runs the checks and every group of tests.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildPrograms } from '../build/build-programs.ts'
import { chromiumProgram } from '../servers/chromium-program.ts'
import { natsProgram } from '../servers/nats-binary.ts'
import { startPostgres } from '../servers/postgres.ts'
import { checks } from '../verify/checks.ts'
import { runCheck } from '../verify/run-check.ts'
import { killLeftovers } from './leftovers.ts'
import { makeRunFolder } from './run-folder.ts'
import { runGroup, type Counts, type Group } from './run-group.ts'

/**
 * Test files that share a process. Each group starts when the one before it in its lane has ended, and a phase when all
 * lanes of the one before have. Lanes are for what keeps one core busy; whole shops have the machine for themselves.
 */
const phases: readonly (readonly (readonly string[])[])[][] = [
  [
    [['packages', 'nats', 'gateway', 'dev', 'tests/architecture.test.ts'], ['sandbox']],
    [
      ['services/identity', 'services/notifications'],
      ['services/catalog', 'services/carts'],
      ['services/orders'],
      ['services/payments', 'services/delivery'],
    ],
  ],
  [[['tests/journeys', 'tests/wire'], ['tests/faults']]],
]

/** Runs everything, or only what the given paths name. Answers the exit code; the last line printed is the count. */
export const runTests = async (paths: readonly string[]): Promise<number> => {
  const counts = { passed: 0, failed: 0 }
  const failed: string[] = []
  const add = (group: Counts) => {
    counts.passed += group.passed
    counts.failed += group.failed
    failed.push(...(group.failures ?? []))
  }
  if (paths.length === 0) for (const check of await Promise.all(checks.map(runCheck))) add(check)
  await buildPrograms()

  const folder = makeRunFolder()
  const say = (message: string) => console.log(message)
  try {
    const nats = await natsProgram(join(folder, 'nats'), say)
    const browser = mayBrowse(paths) ? { TEST_CHROMIUM: await chromiumProgram(say) } : {}
    const postgres = await startPostgres({
      dataDir: join(folder, 'postgres'),
      durable: false,
      onProgress: say,
    })
    const servers = {
      TEST_DATABASE_URL: postgres.url,
      TEST_NATS_BINARY: nats.path,
      TEST_POSTGRES_TEMPLATE: join(folder, 'postgres template'),
      ...browser,
    }
    const run = async (lane: readonly (readonly string[])[], name: string, live: boolean) => {
      const environment = { ...servers, TMPDIR: join(folder, name) }
      mkdirSync(environment.TMPDIR)
      for (const group of lane) add(await runAlone({ paths: group, environment }, live))
    }
    try {
      for (const [index, lanes] of (paths.length === 0 ? phases : [[[paths]]]).entries())
        await Promise.all(lanes.map((lane, nth) => run(lane, `${index}-${nth}`, lanes.length === 1)))
    } finally {
      await postgres.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  // The end of a long log is what people see first.
  for (const failure of failed) console.log(`failed: ${failure}`)
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1
}

/** Who runs the tests of a service only needs no browser for it. */
const mayBrowse = (paths: readonly string[]): boolean =>
  paths.length === 0 || paths.some((path) => /^(\.\/)?tests\b(?!\/faults)/.test(path))

type LaneGroup = Group & { readonly environment: { readonly TMPDIR: string } }

/** What the tests leave behind is known by their folder, and goes. What runs beside others is printed at its end. */
const runAlone = async (group: LaneGroup, live: boolean): Promise<Counts> => {
  const said: string[] = []
  try {
    return await runGroup(live ? group : { ...group, print: (text) => said.push(text) })
  } finally {
    process.stderr.write(said.join(''))
    killLeftovers(group.environment.TMPDIR)
  }
}
