// By its path, and Bun's own modules only: on a fresh clone no package can be resolved yet.
import { installDependencies } from '../../dev/src/install.ts'

await installDependencies()
const { runBench } = await import('./run-bench.ts')
process.exit(await runBench(process.argv.slice(2)))
