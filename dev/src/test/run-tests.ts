// All tests on real servers: starts PostgreSQL, finds nats-server, runs the checks and every group of tests.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPrograms } from '../build/build-programs.ts'
import { natsProgram } from '../servers/nats-binary.ts'
import { startPostgres } from '../servers/postgres.ts'
import { checks } from '../verify/checks.ts'
import { runCheck } from '../verify/run-check.ts'
import { killLeftovers } from './leftovers.ts'
import { runGroup, type Counts } from './run-group.ts'

/** Test files that share a process; each group starts only when the one before has ended: together they take no less. */
const groups = [
  ['packages', 'nats', 'gateway', 'dev', 'tests/architecture.test.ts'],
  ['sandbox'],
  ['services/identity', 'services/notifications'],
  ['services/catalog', 'services/carts'],
  ['services/orders'],
  ['services/payments', 'services/delivery'],
  ['tests/journeys'],
  ['tests/wire'],
  ['tests/faults'],
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
  if (paths.length === 0) for (const check of checks) add(await runCheck(check))
  await buildPrograms()

  const folder = mkdtempSync(join(tmpdir(), 'comptoir test '))
  const say = (message: string) => console.log(message)
  try {
    const nats = await natsProgram(join(folder, 'nats'), say)
    const postgres = await startPostgres({
      dataDir: join(folder, 'postgres'),
      durable: false,
      onProgress: say,
    })
    const environment = {
      TEST_DATABASE_URL: postgres.url,
      TEST_NATS_BINARY: nats.path,
      // What tests leave behind is known by it, and goes with it.
      TMPDIR: join(folder, 'tests'),
    }
    mkdirSync(environment.TMPDIR)
    try {
      for (const group of paths.length === 0 ? groups : [paths]) {
        add(await runGroup(group, environment))
        killLeftovers(environment.TMPDIR)
      }
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
