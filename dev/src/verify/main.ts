// `bun run verify`: everything that can be checked without a server. Only Bun's own modules may be imported here.
import { installDependencies } from '../install.ts'

await installDependencies()
const { checks } = await import('./checks.ts')
const { runCheck } = await import('./run-check.ts')
const { runGroup } = await import('../test/run-group.ts')
const { unitTests } = await import('./unit-tests.ts')

const results = []
for (const check of checks) results.push(await runCheck(check))
results.push(await runGroup({ paths: unitTests() }))
const failed = results.reduce((sum, result) => sum + result.failed, 0)
console.log(`${results.reduce((sum, result) => sum + result.passed, 0)} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
