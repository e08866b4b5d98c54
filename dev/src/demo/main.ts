// Only Bun's own modules may be imported here: on a fresh clone nothing else is installed yet.
import { installDependencies } from '../install.ts'

await installDependencies()
const { runDemo } = await import('./run-demo.ts')
process.exit(await runDemo(process.env))
