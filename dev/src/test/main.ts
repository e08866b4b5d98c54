// Only Bun's own modules may be imported here: on a fresh clone nothing else is installed yet.
import { installDependencies } from '../install.ts'

await installDependencies()
const { runTests } = await import('./run-tests.ts')
process.exit(await runTests(process.argv.slice(2)))
