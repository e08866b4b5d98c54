// Runs one check and tells how it went.
import { repository as root } from '../install.ts'
import type { Counts } from '../test/run-group.ts'
import type { Check } from './checks.ts'

/** Runs a check; its output is shown only when it fails. */
export const runCheck = async ({ name, command }: Check): Promise<Counts> => {
  const startedAt = performance.now()
  const run = Bun.spawn([...command], { cwd: root, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ])
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (code !== 0) console.error(`${out}\n${err}`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, failures: [name] }
}
